"""How strongly something counts: a slider for the usual range and a box for any number."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.number_box import NumberBox

FINE = 100  # positions of the slider for a weight of 1
USUAL = 2.0
BOUNDS = (-10.0, 10.0)


class QuietSlider(QSlider):
    """A slider that scrolling past does not move."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WeightSlider(QWidget):
    """A weight; the slider goes from ``least`` to ``usual``, the box over all of ``bounds``.

    ``edited`` follows the hand, ``left`` ends it.
    """

    edited = Signal(object)
    left = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        usual: float = USUAL,
        bounds: tuple[float, float] = BOUNDS,
        least: float = 0.0,
    ) -> None:
        super().__init__(parent)
        self.slider = QuietSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(round(least * FINE), round(usual * FINE))
        self.slider.setPageStep(FINE // 10)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box = NumberBox(NumberRange(*bounds, 0.05, decimals=2), optional=False, parent=self)
        self.box.setFixedWidth(72)
        row_of((self.slider, 1), self.box, within=self)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.left)
        self.box.edited.connect(self.edited)
        self.box.left.connect(self.left)
        self.setFocusProxy(self.slider)

    def name(self, name: str) -> None:
        """The accessible name."""
        self.slider.setAccessibleName(name)
        self.box.setAccessibleName(name)

    def show_value(self, weight: float) -> None:
        """Shows ``weight`` without telling anybody."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(weight * FINE))
        self.slider.blockSignals(False)
        self.box.show_value(weight)

    def _slid(self, position: int) -> None:
        self.box.show_value(position / FINE)
        self.edited.emit(position / FINE)
