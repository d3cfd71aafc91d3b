"""Drift as values: means with intervals, what is kept of the first clip, and films that only stand still."""

import pytest

from svi_studio.domain.errors import BadProject
from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm, curve, read_drift, stillness


def arm(name: str, *films: list[dict[str, float]]) -> DriftArm:
    return DriftArm(name=name, films=tuple(TestFilm(name=f"film {i}", clips=tuple(f)) for i, f in enumerate(films)))


def test_a_curve_has_the_mean_of_all_films_clip_by_clip() -> None:
    found = curve(arm("base", [{"psnr": 20.0}, {"psnr": 10.0}], [{"psnr": 30.0}, {"psnr": 20.0}]), "psnr")
    assert [value.mean for value in found if value] == [25.0, 15.0]


def test_a_clip_without_the_figure_is_a_gap() -> None:
    assert curve(arm("base", [{}, {"seam": 1.0}]), "seam")[0] is None


def test_a_film_that_is_shorter_counts_as_far_as_it_goes() -> None:
    found = curve(arm("base", [{"psnr": 20.0}], [{"psnr": 30.0}, {"psnr": 20.0}]), "psnr")
    assert [value.count for value in found if value] == [2, 1]


def test_a_film_that_hardly_moves_is_named() -> None:
    base = arm("base", [{"motion": 4.0}, {"motion": 4.0}])
    assert "moves 25% as much" in (stillness(arm("lora", [{"motion": 1.0}, {"motion": 1.0}]), base) or "")


def test_a_film_that_moves_is_not_named() -> None:
    base = arm("base", [{"motion": 4.0}, {"motion": 4.0}])
    assert stillness(base, base) is None


def test_a_report_that_is_damaged_is_one_sentence() -> None:
    with pytest.raises(BadProject, match="measure them again"):
        read_drift(b'{"schema_version": 1}')


def test_an_arm_is_found_by_its_name() -> None:
    report = DriftReport(arms=(arm("base"), arm("lora")))
    assert report.arm("lora") == arm("lora")
