"""What can be done with a beat that was found: twice or half as quick, between the beats, or tapped along."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document.speech.sound_split import MOST_DOUBLINGS, SplitChoice
from svi_studio.ui.controls.layouts import column_of, row_of


class BeatButtons(QWidget):
    """``doubled`` brings 1 or -1; ``between`` and ``tapped`` bring nothing."""

    doubled = Signal(int)
    between = Signal()
    tapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tempo = QLabel(self)
        self.half_button = QPushButton(self.tr("÷ 2"), self)
        self.twice_button = QPushButton(self.tr("× 2"), self)
        self.between_button = QPushButton(self.tr("Shift by half a beat"), self)
        self.tap_button = QPushButton(self.tr("Tap along"), self)
        names = (self.tr("Half the tempo"), self.tr("Twice the tempo"))
        for button, name in zip((self.half_button, self.twice_button), names, strict=True):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.between_button.setCheckable(True)
        self.tap_button.setToolTip(self.tr("Let the film play, and press this on every beat."))
        for button in (self.half_button, self.twice_button, self.between_button, self.tap_button):
            button.setAutoDefault(False)
        buttons = row_of(self.half_button, self.twice_button, self.between_button, self.tap_button, 1, spacing=6)
        column_of(self.tempo, buttons, within=self, spacing=6)
        self.half_button.clicked.connect(lambda: self.doubled.emit(-1))
        self.twice_button.clicked.connect(lambda: self.doubled.emit(1))
        self.between_button.clicked.connect(self.between)
        self.tap_button.pressed.connect(self.tapped)
        self.tap_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_beats(self, bpm: float, choice: SplitChoice) -> None:
        """The tempo in beats a minute, 0 = none."""
        taps = len(choice.taps)
        if 0 < taps < 3:
            self.tempo.setText(self.tr("Go on tapping…"))
        elif bpm:
            said = self.tr("{bpm} beats a minute, as tapped") if taps else self.tr("{bpm} beats a minute")
            self.tempo.setText(said.format(bpm=self.locale().toString(bpm, "f", 1)))
        else:
            self.tempo.setText(self.tr("No beat was found"))
        self.between_button.setChecked(choice.between)
        self.half_button.setEnabled(choice.tempo > -MOST_DOUBLINGS)
        self.twice_button.setEnabled(choice.tempo < MOST_DOUBLINGS)
