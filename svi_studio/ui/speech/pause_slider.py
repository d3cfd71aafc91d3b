"""How long a silence must be to count as a pause: a slider from 0.25 to 1 second."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.domain.film.sound_marks import LONGEST_PAUSE, SHORTEST_PAUSE
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.weight_slider import QuietSlider

_STEP = 0.05


class PauseSlider(QWidget):
    """``changed`` follows the hand; ``seconds`` is what it shows."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QuietSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(round(SHORTEST_PAUSE / _STEP), round(LONGEST_PAUSE / _STEP))
        self.slider.setAccessibleName(self.tr("Shortest pause in seconds"))
        self._words = QLabel(self)
        self._words.setMinimumWidth(52)
        row_of((self.slider, 1), self._words, within=self, spacing=10)
        self.slider.valueChanged.connect(self._show)
        self.slider.valueChanged.connect(self.changed)
        self.setFocusProxy(self.slider)
        self._show()

    @property
    def seconds(self) -> float:
        """The shortest pause."""
        return self.slider.value() * _STEP

    def _show(self) -> None:
        self._words.setText(self.tr("{seconds} s").format(seconds=self.locale().toString(self.seconds, "f", 2)))
