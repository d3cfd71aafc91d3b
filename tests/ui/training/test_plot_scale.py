"""Where numbers land on a plot."""

import math

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.document.training.plot_scale import Span, smooth, span_of, thinned, tick_text, ticks

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(numbers, min_size=1, max_size=50))
def test_every_point_has_room(values: list[float]) -> None:
    span = span_of(values)
    assert all(0 <= span.part(value) <= 1 for value in values)


def test_nothing_finite_still_has_an_axis() -> None:
    assert span_of([math.nan, math.inf]) == Span(0.0, 1.0)


def test_a_floor_is_where_the_axis_begins() -> None:
    assert span_of([1.0, 3.0], floor=0.0).low == 0.0


def test_noise_is_not_drawn_as_a_cliff() -> None:
    span = span_of([1.0, 1.001], least=0.2)
    assert span.high - span.low >= 0.2


@given(numbers, st.floats(1e-3, 1e5), st.integers(1, 8))
def test_marks_are_round_few_and_inside(low: float, room: float, most: int) -> None:
    span = Span(low, low + room)
    marks = ticks(span, most)
    assert len(marks) <= most + 1
    assert all(span.low - room * 1e-6 <= mark <= span.high + room * 1e-6 for mark in marks)


def test_steps_are_counted_in_whole_numbers() -> None:
    assert ticks(Span(1, 10), 4, whole=True) == [3, 6, 9]


def test_marks_are_as_short_as_their_distance_allows() -> None:
    assert [tick_text(value, Span(0, 1)) for value in (0.0, 0.25, 0.5)] == ["0", "0.25", "0.5"]
    assert tick_text(1500, Span(0, 2000)) == "1,500"
    assert tick_text(0.00002, Span(0, 0.0001)) == "2e-5"


def test_the_mean_follows_and_never_looks_ahead() -> None:
    assert smooth([1.0, 2.0, 3.0, 4.0], share=0.5) == [1.0, 1.5, 2.5, 3.5]


@given(st.lists(numbers, min_size=1, max_size=400), st.integers(2, 40))
def test_a_long_curve_keeps_its_peaks(values: list[float], most: int) -> None:
    kept = thinned(values, most)
    assert len(kept) <= max(most, 2)
    assert max(value for _, value in kept) == max(values)
    assert min(value for _, value in kept) == min(values)
