"""Two buttons side by side of which one is down, or none when both are meant."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.ui.controls.layouts import row_of


class EitherBox(QWidget):
    """No or yes, each with its words. ``chosen`` brings what the user took; ``show_value`` never emits."""

    chosen = Signal(bool)

    def __init__(self, no: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.no, self.yes = QPushButton(no, self), QPushButton(yes, self)
        layout = row_of(within=self, spacing=0)
        for button, side in ((self.no, "left"), (self.yes, "right")):
            button.setCheckable(True)
            button.setProperty("segment", side)
            layout.addWidget(button, 1)
        self.no.clicked.connect(lambda: self._take(False))
        self.yes.clicked.connect(lambda: self._take(True))
        self._value: bool | None = None
        self.setFocusProxy(self.no)

    def show_value(self, value: bool | None) -> None:
        """Presses one of the buttons; None = neither."""
        self._value = value
        self.no.setChecked(value is False)
        self.yes.setChecked(value is True)

    def _take(self, value: bool) -> None:
        changed = value != self._value
        self.show_value(value)
        if changed:
            self.chosen.emit(value)
