"""Writes the figures of test films as pages that people read: JSON, charts with 95 % bands, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.domain.confidence import Estimate
from svi_studio.domain.drift import (
    CHART_FILE,
    DRIFT_FILE,
    FEW_FILMS,
    DriftArm,
    DriftReport,
    Figure,
    curve,
    kept,
    known_figures,
)
from svi_studio.domain.errors import from_os_error
from trainer.evaluation.chart import Line, Panel, chart

_EXTRAS = ("moving", "ssim")  # in the JSON; their panels would say nothing that others do not


def write_report(report: DriftReport, folder: Path) -> None:
    """Write ``drift.json`` and ``drift.svg`` into ``folder``, the chart first; raises DiskFull or StudioError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os_error(error, folder) from error
    replace_file(folder / CHART_FILE, drift_chart(report).encode("utf-8"))
    replace_file(folder / DRIFT_FILE, report.model_dump_json().encode("utf-8") + b"\n")


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` so that ``path`` is always whole, the old or the new; raises DiskFull or StudioError."""
    part = part_path(path)
    try:
        part.write_bytes(content)
    except OSError as error:
        remove(part)
        raise from_os_error(error, path) from error
    publish_file(part, path)


def drift_chart(report: DriftReport, figures: Sequence[str] = ()) -> str:
    """The drift curves of all arms as SVG: mean over the films and its 95 % band against the clip's number.

    A few films are drawn as thin lines instead of a band.

    ``figures``: names of the panels, by default all that were measured. Motion stands beside similarity.
    """
    known = known_figures(report.arms)
    wanted = [figure for figure in known if (figure.name in figures if figures else figure.name not in _EXTRAS)]
    return chart(report.title or "Drift from clip to clip", [_panel(figure, report.arms) for figure in wanted])


def summary_table(report: DriftReport) -> str:
    """A Markdown table, one row a figure: of every arm the first clip, the last clip, and what is kept of the first."""
    head = "".join(f" {arm.name}: first | last | kept |" for arm in report.arms)
    rows = [f"| figure |{head}", "|---|" + "---:|---:|---:|" * len(report.arms)]
    for figure in known_figures(report.arms):
        cells = "".join(_cells(arm, figure) for arm in report.arms)
        rows.append(f"| {figure.title} ({figure.unit}) |{cells}")
    return "\n".join(rows) + "\n"


def _cells(arm: DriftArm, figure: Figure) -> str:
    values = [value for value in curve(arm, figure.name) if value is not None]
    if not values:
        return " | | |"
    share = None if figure.ideal == 0 else kept(arm, figure.name)
    part = "" if share is None else f"{share.mean:.0%}"
    return f" {_number(values[0])} | {_number(values[-1])} | {part} |"


def _number(value: Estimate) -> str:
    spread = f" ± {(value.high - value.low) / 2:.2g}" if value.count > 1 else ""
    return f"{value.mean:.3g}{spread}"


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
