"""Writes the figures of test films as pages that people read: JSON, charts with 95 % bands, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.training.drift import (
    CHART_FILE,
    DRIFT_FILE,
    FEW_FILMS,
    DriftArm,
    DriftReport,
    Figure,
    curve,
    known_figures,
)
from trainer.evaluation.chart import Line, Panel, chart

_EXTRAS = ("moving", "ssim")  # in the JSON; their panels would say nothing that others do not


def write_report(report: DriftReport, folder: Path) -> None:
    """Writes ``drift.json`` and ``drift.svg`` into ``folder``, the chart first; raises DiskFull or StudioError."""
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    atomic_write(folder / CHART_FILE, drift_chart(report).encode("utf-8"))
    atomic_write(folder / DRIFT_FILE, report.model_dump_json().encode("utf-8") + b"\n")


def drift_chart(report: DriftReport, figures: Sequence[str] = ()) -> str:
    """The drift curves of all arms as SVG: mean over the films and its 95 % band against the clip's number.

    A few films are drawn as thin lines instead of a band.

    ``figures``: names of the panels, by default all that were measured. Motion stands beside similarity.
    """
    known = known_figures(report.arms)
    wanted = [figure for figure in known if (figure.name in figures if figures else figure.name not in _EXTRAS)]
    return chart(report.title or "Drift from clip to clip", [_panel(figure, report.arms) for figure in wanted])


def _panel(figure: Figure, arms: Sequence[DriftArm]) -> Panel:
    lines = tuple(_line(arm, figure) for arm in arms)
    return Panel(figure.title, figure.unit, lines, figure.ideal, from_zero=figure.unit == "levels")


def _line(arm: DriftArm, figure: Figure) -> Line:
    values = curve(arm, figure.name)
    mean = [None if value is None else value.mean for value in values]
    if len(arm.films) < FEW_FILMS:
        films = [[clip.get(figure.name) for clip in film.clips] for film in arm.films]
        return Line(arm.name, mean, parts=tuple(films if len(films) > 1 else ()))
    return Line(
        arm.name,
        mean,
        [None if value is None else value.low for value in values],
        [None if value is None else value.high for value in values],
    )
