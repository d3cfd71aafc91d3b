"""Small questions about a dance under the film: how fast, how large."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

SPEEDS = NumberRange(10, 1000, 5, 1)
BEATS = NumberRange(1, 1000, 1, 0)
TEMPO = NumberRange(20, 400, 1, 1)
SIZES = NumberRange(10, 500, 5, 1)


class SpeedDialog(PlainDialog):
    """``factor_chosen`` brings how many times as fast it shall be; ``fit_chosen``: all of it shall fill its piece."""

    factor_chosen = Signal(float)
    fit_chosen = Signal()

    def __init__(self, seconds: float, piece_seconds: float, parent: QWidget | None = None) -> None:
        """``seconds`` are those that the piece plays now; ``piece_seconds`` how long the piece is in the film."""
        words = self.tr("The piece becomes shorter or longer with it. Clips over it are rendered again.")
        super().__init__(self.tr("Speed of the dance"), words, parent)
        self._seconds = seconds
        self.speed = _box(SPEEDS, 100, self.tr("Speed in percent"), self)
        self.beats = _box(BEATS, 8, self.tr("Beats"), self)
        self.tempo = _box(TEMPO, 120, self.tr("Beats a minute"), self)
        self.by_speed = QRadioButton(self.tr("Speed"), self)
        self.by_beats = QRadioButton(self.tr("As long as"), self)
        self.by_piece = QRadioButton(self.tr("The whole dance in its piece ({:.1f} s)").format(piece_seconds), self)
        self.told = plain_label("", self)
        self._lay_out()
        self.by_speed.setChecked(True)
        for box in (self.speed, self.beats, self.tempo):
            box.edited.connect(self._show)
        for button in (self.by_speed, self.by_beats, self.by_piece):
            button.toggled.connect(self._show)
        self._show()

    @property
    def factor(self) -> float:
        """How many times as fast it would be."""
        if self.by_beats.isChecked():
            wanted = float(self.beats.value or 1) * 60 / float(self.tempo.value or 120)
            return self._seconds / wanted
        return float(self.speed.value or 100) / 100

    def accept(self) -> None:
        """Hands the choice on and closes."""
        super().accept()
        if self.by_piece.isChecked():
            self.fit_chosen.emit()
        elif self.factor != 1:
            self.factor_chosen.emit(self.factor)

    def _show(self) -> None:
        self.speed.setEnabled(self.by_speed.isChecked())
        for box in (self.beats, self.tempo):
            box.setEnabled(self.by_beats.isChecked())
        if self.by_piece.isChecked():
            self.told.setText(self.tr("The piece stays as long as it is."))
            return
        factor = min(max(self.factor, 1e-3), 1e3)
        words = self.tr("{before:.1f} s become {after:.1f} s, at {percent} % of the speed.")
        after = self._seconds / factor
        self.told.setText(words.format(before=self._seconds, after=after, percent=round(factor * 100)))
        self.ok.setEnabled(1 / 16 <= factor <= 16)

    def _lay_out(self) -> None:
        self.body.addLayout(row_of(self.by_speed, self.speed, QLabel("%", self), 1, spacing=8))
        beats = QLabel(self.tr("beats at"), self)
        row = row_of(self.by_beats, self.beats, beats, self.tempo, QLabel(self.tr("a minute"), self), 1, spacing=8)
        self.body.addLayout(row)
        self.body.addWidget(self.by_piece)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.ok = self.add_button(self.tr("Change the speed"), primary=True)
        self.ok.clicked.connect(self.accept)


class SizeDialog(PlainDialog):
    """``factor_chosen`` brings how many times as large the dancer shall be."""

    factor_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        words = self.tr("The feet stay where they stand. Clips over the dance are rendered again.")
        super().__init__(self.tr("Size of the dancer"), words, parent)
        self.size_box = _box(SIZES, 100, self.tr("Size in percent"), self)
        self.body.addLayout(row_of(QLabel(self.tr("Size"), self), self.size_box, QLabel("%", self), 1, spacing=8))
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.add_button(self.tr("Change the size"), primary=True).clicked.connect(self.accept)

    def accept(self) -> None:
        """Hands the choice on and closes."""
        super().accept()
        factor = float(self.size_box.value or 100) / 100
        if factor != 1:
            self.factor_chosen.emit(factor)


def _box(numbers: NumberRange, value: float, name: str, parent: QWidget) -> NumberBox:
    box = NumberBox(numbers, optional=False, parent=parent)
    box.show_value(value)
    box.edited.connect(box.show_value)
    box.setAccessibleName(name)
    box.setFixedWidth(box.fontMetrics().horizontalAdvance("0000.0") + 48)
    return box
