"""The drift of the test films as small plots, one a figure: the model alone against the LoRA, clip by clip."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from svi_studio.domain.training.drift import (
    BASE,
    CONTROL,
    FEW_FILMS,
    LORA,
    DriftArm,
    DriftReport,
    Figure,
    curve,
    known_figures,
)
from svi_studio.domain.training.naive import COPIES, NAIVE, PICTURE, TO_AND_FRO
from svi_studio.ui.training.plot import Line, Picture, Plot

_FIRST = ("sync", "lag", "joints", "seen", "similarity", "motion", "colour", "sharpness", "contrast", "seam")
_WIDTH = 300  # pixels that one plot wants
_HEIGHT = 170
_COLOURS = {BASE: "text-dim", LORA: "accent", CONTROL: "warn", COPIES: "danger", TO_AND_FRO: "ok", PICTURE: "info"}


class DriftCharts(QWidget):
    """``show_report`` shows the films of one checkpoint; similarity and motion always stand side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, Plot] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(14)
        self._columns = 0

    def show_report(self, report: DriftReport | None) -> None:
        """Shows it, or nothing."""
        arms = report.arms if report is not None else ()
        known = {figure.name: figure for figure in known_figures(arms)}
        wanted = [known[name] for name in _FIRST if name in known]
        if [figure.name for figure in wanted] != list(self.plots):
            self._rebuild(wanted)
        for figure in wanted:
            lines = tuple(line for arm in arms for line in self._lines(arm, figure.name))
            self.plots[figure.name].show_picture(
                Picture(lines, x_name=self.tr("clip"), floor=figure.ideal, least=_least(figure), has_legend=False)
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many side by side as there is room for, two at least."""
        super().resizeEvent(event)
        if self._columns != self._wanted_columns():
            self._place()

    def _rebuild(self, figures: Sequence[Figure]) -> None:
        for plot in self.plots.values():
            self._grid.removeWidget(plot)
            plot.hide()
            plot.deleteLater()
        self.plots = {}
        for figure in figures:
            plot = Plot(figure_title(figure), self)
            plot.setFixedHeight(_HEIGHT)
            plot.show()
            self.plots[figure.name] = plot
        self._place()

    def _place(self) -> None:
        self._columns = self._wanted_columns()
        for place, plot in enumerate(self.plots.values()):
            self._grid.addWidget(plot, place // self._columns, place % self._columns, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _wanted_columns(self) -> int:
        return max(2, min(3, self.width() // _WIDTH))

    def _lines(self, arm: DriftArm, figure: str) -> list[Line]:
        found = [(place + 1, point) for place, point in enumerate(curve(arm, figure)) if point is not None]
        if not found:
            return []
        name = arm_name(arm.name)
        xs = [float(place) for place, _ in found]
        banded = arm.name not in NAIVE and len(arm.films) >= FEW_FILMS  # of fewer films a band covers everything
        band = [point for _, point in found] if banded else []
        return [
            Line(
                name,
                arm_colour(arm.name),
                xs,
                [point.mean for _, point in found],
                [point.low for point in band],
                [point.high for point in band],
                is_dashed=arm.name == BASE,
            )
        ]


def figure_title(figure: Figure) -> str:
    """What people call a figure of a clip."""
    return {
        "similarity": QCoreApplication.translate("DriftCharts", "Likeness to the start"),
        "motion": QCoreApplication.translate("DriftCharts", "Motion"),
        "colour": QCoreApplication.translate("DriftCharts", "Colour shift"),
        "sharpness": QCoreApplication.translate("DriftCharts", "Sharpness"),
        "contrast": QCoreApplication.translate("DriftCharts", "Contrast"),
        "seam": QCoreApplication.translate("DriftCharts", "Jump at the seam"),
        "sync": QCoreApplication.translate("DriftCharts", "Mouth with the sound"),
        "lag": QCoreApplication.translate("DriftCharts", "Mouth late by … frames"),
        "joints": QCoreApplication.translate("DriftCharts", "Joints off, % of the body"),
        "seen": QCoreApplication.translate("DriftCharts", "Frames that show the person"),
    }.get(figure.name, figure.title)


def arm_name(arm: str) -> str:
    """What people call an arm of the test films."""
    names = {
        BASE: QCoreApplication.translate("DriftCharts", "model alone"),
        LORA: QCoreApplication.translate("DriftCharts", "with your LoRA"),
        CONTROL: QCoreApplication.translate("DriftCharts", "trained without errors"),
        COPIES: QCoreApplication.translate("DriftCharts", "first clip copied"),
        TO_AND_FRO: QCoreApplication.translate("DriftCharts", "first clip to and fro"),
        PICTURE: QCoreApplication.translate("DriftCharts", "picture alone"),
    }
    return names.get(arm, arm)


def arm_colour(arm: str) -> str:
    """The name of its colour in the theme."""
    return _COLOURS.get(arm, "info")


def _least(figure: Figure) -> float:
    """The smallest span of the axis: what differs less is noise, and must not look like a cliff."""
    return {"levels": 2.0, "SSIM": 0.1}.get(figure.unit, 0.2)
