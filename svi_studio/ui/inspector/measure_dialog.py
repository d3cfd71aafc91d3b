"""Times the film on this computer: each way to lay the model out and each recipe that could fit, with a picture."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from svi_studio.document.inspector.measuring import Measuring
from svi_studio.domain.render.trial import TrialReport
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_PICTURE_WIDTH = 144

translate = QCoreApplication.translate


class MeasureDialog(PlainDialog):
    """Measures while it is open."""

    def __init__(self, measuring: Measuring, parent: QWidget | None = None) -> None:
        super().__init__(translate("MeasureDialog", "Measure on this computer"), _about(), parent)
        self._measuring = measuring
        self.rows = self.add_scrolled(10, right=8)
        self.rows.addStretch(1)
        self.status = plain_label("", self)
        self.body.addWidget(self.status)
        self.again = self.add_button(self.tr("Stop"), left=True)
        self.again.clicked.connect(self.stop_or_start)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)
        self.finished.connect(measuring.close)
        measuring.tried.connect(self.show_trial)
        measuring.ended.connect(self._show_end)
        self.resize(640, 560)

    def start(self) -> None:
        """Begins to measure, with an empty list."""
        while self.rows.count() > 1:
            item = self.rows.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        self.status.setText(self.tr("Loading the model, then two steps of the first clip at a time…"))
        self.again.setText(self.tr("Stop"))
        self._measuring.start()

    @Slot()
    def stop_or_start(self) -> None:
        """Stops what goes on, or measures again."""
        if self._measuring.is_running:
            self.again.setEnabled(False)
            self._measuring.stop()
        else:
            self.start()

    @Slot(object)
    def show_trial(self, report: TrialReport) -> None:
        """One more row."""
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
            line.addWidget(self._use_button(report, row), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _use_button(self, report: TrialReport, row: QWidget) -> QPushButton:
        button = QPushButton(self.tr("Use it"), row)
        button.setToolTip(self.tr("Lay the model out in this way from the next render on"))

        def use() -> None:
            self._measuring.use(report)
            self.status.setText(self.tr("The next render lays the model out in this way."))

        button.clicked.connect(use)
        return button

    @Slot(str)
    def _show_end(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.again.setText(self.tr("Measure again"))
        self.again.setEnabled(True)


def _about() -> str:
    return translate(
        "MeasureDialog",
        "Two steps of the first clip are made in every way that could fit. The film stays as it is. It takes some "
        "minutes with a large model, and a render that goes on meanwhile makes the figures worse.",
    )
