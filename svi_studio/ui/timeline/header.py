"""The timeline's head: how long the film is, and the few switches that belong to looking at it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from svi_studio.ui.actions.window_actions import Actions

STEPS = 200
_BUTTONS = ("zoom_out", "zoom_in", "fit", "snap", "grid")


class TimelineHeader(QWidget):
    """``zoom_chosen`` carries 0 (all the way out) to 1 (all the way in)."""

    zoom_chosen = Signal(float)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length = QLabel(self)
        self._length.setTextFormat(Qt.TextFormat.PlainText)
        self._length.setProperty("tone", "dim")
        self._length.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._length.setAccessibleName(self.tr("Length of the film"))
        self.zoom = QSlider(Qt.Orientation.Horizontal, self)
        self.zoom.setRange(0, STEPS)
        self.zoom.setFixedWidth(130)
        self.zoom.setAccessibleName(self.tr("Timeline zoom"))
        self.zoom.setToolTip(self.tr("Zoom. With the wheel: hold Ctrl."))
        self.zoom.valueChanged.connect(lambda value: self.zoom_chosen.emit(value / STEPS))
        out, closer, fit, snap, grid = (_button(actions, f"view.{name}", self) for name in _BUTTONS)
        self._zooming = (out, self.zoom, closer, fit, snap)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 3, 8, 3)
        layout.setSpacing(4)
        layout.addWidget(self._length, 1)
        layout.addWidget(snap)
        layout.addWidget(grid)
        layout.addSpacing(10)
        for each in self._zooming[:-1]:
            layout.addWidget(each)

    def show_length(self, text: str) -> None:
        """How long the film is, and what is selected, in words."""
        self._length.setText(text)

    def show_zoom(self, share: float) -> None:
        """Sets the slider without choosing anything."""
        with QSignalBlocker(self.zoom):
            self.zoom.setValue(round(share * STEPS))

    def set_zoomable(self, zoomable: bool) -> None:
        """A grid is neither zoomed nor snapped to."""
        for each in self._zooming:
            each.setVisible(zoomable)


def _button(actions: Actions, action_id: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    action = actions.action(action_id)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
