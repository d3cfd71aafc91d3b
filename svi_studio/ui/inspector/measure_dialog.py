"""Times the film on this computer: each way to lay the model out and each recipe that could fit, with a picture."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.render.trial import MeasuredTrial, TrialReport, wishes_of
from svi_studio.jobs.film.measure_job import MeasureJob
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_PICTURE_WIDTH = 144

translate = QCoreApplication.translate


class MeasureDialog(PlainDialog):
    """Measures while it is open; what was measured counts for the estimates from then on."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(translate("MeasureDialog", "Measure on this computer"), _about(), parent)
        self._film = film
        self._pictures = TemporaryDirectory(prefix="svi-trials-", ignore_cleanup_errors=True)
        self.rows = self.add_scrolled(10, right=8)
        self.rows.addStretch(1)
        self.status = plain_label("", self)
        self.body.addWidget(self.status)
        self.again = self.add_button(self.tr("Stop"), left=True)
        self.again.clicked.connect(self.stop_or_start)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)
        self.finished.connect(self._close)
        film.document.destroyed.connect(self.reject)
        self.resize(640, 560)
        self.job: MeasureJob | None = None

    def start(self) -> None:
        """Begins to measure, with an empty list."""
        while self.rows.count() > 1:
            item = self.rows.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        job = MeasureJob(Path(self._film.document.folder), Path(self._pictures.name), self)
        job.tried.connect(self.show_trial)
        job.finished.connect(lambda _count: self._over(self.tr("Measured. The estimates count with it from now on.")))
        job.failed.connect(self._over)
        job.cancelled.connect(lambda: self._over(self.tr("Stopped. What was measured counts.")))
        self.job = job
        self.status.setText(self.tr("Measuring: two steps of the first clip at a time…"))
        self.again.setText(self.tr("Stop"))
        job.start()

    @Slot()
    def stop_or_start(self) -> None:
        """Stops what goes on, or measures again."""
        if self.job is not None and self.job.is_running:
            self.again.setEnabled(False)
            self.job.cancel()
        else:
            self.start()

    @Slot(object)
    def show_trial(self, report: TrialReport) -> None:
        """One more row; its pace is remembered."""
        if report.trial is not None:
            self._film.paces.keep(report.trial.pace)
        self.rows.insertWidget(self.rows.count() - 1, self._row(report))

    def _row(self, report: TrialReport) -> QWidget:
        row = QFrame(self)
        picture = QLabel(row)
        picture.setFixedWidth(_PICTURE_WIDTH)
        shown = QPixmap(report.picture) if report.picture else QPixmap()
        if not shown.isNull():
            width = round(_PICTURE_WIDTH * self.devicePixelRatioF())
            scaled = shown.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            scaled.setDevicePixelRatio(self.devicePixelRatioF())
            picture.setPixmap(scaled)
        trial = report.trial
        title = plain_label(report.recipe or self.tr("As the film is") if trial is None else trial.title, row, "")
        words = plain_label(report.problem if trial is None else trial.figures, row)
        column = column_of(title, words, 1, spacing=3)
        line = row_of(picture, spacing=12, within=row)
        line.addLayout(column, 1)
        if trial is not None and not report.recipe:
            line.addWidget(self._use_button(trial, row), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _use_button(self, trial: MeasuredTrial, row: QWidget) -> QPushButton:
        wishes = wishes_of(trial.plan)
        button = QPushButton(self.tr("Use it"), row)
        button.setToolTip(self.tr("Lay the model out in this way from the next render on"))

        def use() -> None:
            self._film.memory.wish(wishes)
            self.status.setText(self.tr("The next render lays the model out in this way."))

        button.clicked.connect(use)
        return button

    def _over(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.again.setText(self.tr("Measure again"))
        self.again.setEnabled(True)

    @Slot()
    def _close(self, _result: int = 0) -> None:
        if self.job is not None:
            self.job.shutdown()
        self._pictures.cleanup()


def _about() -> str:
    return translate(
        "MeasureDialog",
        "Two steps of the first clip are made in every way that could fit. The film stays as it is. It takes some "
        "minutes with a large model, and a render that goes on meanwhile makes the figures worse.",
    )
