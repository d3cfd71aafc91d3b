"""Charts: what is measured is drawn, bands and gaps included, and the scales are round."""

from xml.etree import ElementTree

import pytest

from trainer.evaluation.chart import Line, Panel, chart, scale

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*lines: Line, ideal: float | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(chart("Drift < 1", [Panel("colour", "levels", lines, ideal)]))


def points(root: ElementTree.Element, kind: str) -> list[int]:
    return [len(found.get("points", "").split()) for found in root.iter(f"{SVG}{kind}")]


def test_a_chart_draws_every_value_of_every_line() -> None:
    assert points(drawn(Line("a", [0.0, 1.0, 2.0]), Line("b", [3.0, 2.0, 1.0])), "polyline") == [3, 3]


def test_a_gap_leaves_its_value_out() -> None:
    assert points(drawn(Line("a", [None, 1.0, 2.0])), "polyline") == [2]


def test_a_band_goes_there_and_back() -> None:
    band = Line("a", [1.0, 2.0, 3.0], [0.5, 1.5, 2.5], [1.5, 2.5, 3.5])
    assert points(drawn(band), "polygon") == [6]


def test_a_single_clip_is_a_dot() -> None:
    assert len(list(drawn(Line("a", [1.0])).iter(f"{SVG}circle"))) == 1


def test_no_measurement_at_all_still_makes_a_chart() -> None:
    assert drawn(Line("a", [])).tag == f"{SVG}svg"


def test_names_of_lines_stand_in_the_legend_once() -> None:
    root = ElementTree.fromstring(chart("t", [Panel(name, "", (Line("with LoRA", [1.0, 2.0]),)) for name in "ab"]))
    assert [text.text for text in root.iter(f"{SVG}text")].count("with LoRA") == 1


def test_everything_lies_inside_the_drawing() -> None:
    far = Line("a", [1.0, 2.0], [-900.0, 1.0], [900.0, 3.0])
    root = drawn(far, ideal=0.0)
    height = float(root.get("viewBox", "").split()[3])
    ys = [float(pair.split(",")[1]) for p in root.iter(f"{SVG}polygon") for pair in p.get("points", "").split()]
    assert min(ys) >= 0
    assert max(ys) <= height


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0.0, 4.0, [0, 1, 2, 3, 4]), (20.3, 26.8, [20, 22, 24, 26, 28]), (1.0, 9.0, [0, 2.5, 5, 7.5, 10])],
)
def test_scales_are_round_and_hold_every_value(low: float, high: float, ticks: list[float]) -> None:
    assert scale(low, high) == pytest.approx(ticks)


def test_equal_values_have_a_scale_too() -> None:
    assert len(scale(5.0, 5.0)) >= 2
