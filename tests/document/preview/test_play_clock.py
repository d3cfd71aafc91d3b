"""The play clock: no drift, frames are dropped rather than time, and the seam of a loop loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.document.preview.play_clock import PlayClock
from svi_studio.document.preview.player import faster

RATES = st.sampled_from([1.0, 2.0, 4.0, 8.0, -1.0, -2.0, -8.0])


def test_after_an_hour_it_is_where_it_should_be() -> None:
    assert PlayClock(0, 100.0, 24, 1).frame(100.0 + 3600) == 24 * 3600


@given(st.integers(0, 100_000), st.floats(0, 1e6), st.sampled_from([12, 23.976, 24, 25, 60]), RATES, st.floats(0, 5000))
def test_waiting_until_the_next_change_gives_exactly_the_next_frame(
    start: int, began: float, fps: float, rate: float, passed: float
) -> None:
    clock = PlayClock(start, began, fps, rate)
    now = began + passed
    later = now + clock.next_change(now) + 1e-6
    assert clock.frame(later) - clock.frame(now) == (1 if rate > 0 else -1)


@given(st.integers(10, 30), RATES, st.floats(0, 100))
def test_a_loop_stays_in_its_range_and_loses_no_time(start: int, rate: float, passed: float) -> None:
    clock = PlayClock(start, 0.0, 24, rate)
    looped = clock.looped(passed, 10, 30)
    frame = looped.frame(passed)
    assert 10 <= frame <= 30
    assert (frame - clock.frame(passed)) % 21 == 0


@pytest.mark.parametrize(
    ("rate", "direction", "after"),
    [(0, 1, 1), (1, 1, 2), (4, 1, 8), (8, 1, 8), (2, -1, -1), (-1, -1, -2), (-8, -1, -8), (-4, 1, 1)],
)
def test_repeated_presses_go_faster_and_the_other_key_turns_round(rate: float, direction: int, after: float) -> None:
    assert faster(rate, direction) == after
