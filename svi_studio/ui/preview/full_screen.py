"""Lends the picture and its controls to a window of their own that fills the screen, and brings them back."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svi_studio.document.film.playhead import Playhead
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.picture_area import PictureArea

QUIET_MS = 2500
_LEAVE = {Qt.Key.Key_Escape, Qt.Key.Key_F11}
_TOUCHES = {QEvent.Type.HoverMove, QEvent.Type.ShortcutOverride}


class FullScreen(QObject):
    """The picture ``area`` stands in the layout ``home`` when it is not on the whole screen.

    There its controls go while the film plays and nobody touches anything.
    """

    def __init__(
        self, area: PictureArea, home: QVBoxLayout, playhead: Playhead, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._area = area
        self._home = home
        self._playhead = playhead
        self._actions = actions
        self._window: _ScreenWindow | None = None
        self.quiet_ms = QUIET_MS
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._hide_controls)
        playhead.rate_changed.connect(self.show_controls)

    @property
    def is_on(self) -> bool:
        """Whether the picture fills the screen."""
        return self._window is not None

    def toggle(self) -> None:
        """Fills the screen, or comes back."""
        if self._window is None:
            self.enter()
        else:
            self.leave()

    def enter(self) -> None:
        """Fills the screen on which the panel stands."""
        owner = self.parent()
        assert isinstance(owner, QWidget)  # noqa: S101 - that is what the constructor takes
        window = _ScreenWindow(owner)
        window.left.connect(self.leave)
        window.touched.connect(self.show_controls)
        self._window = window
        window.setScreen(owner.screen())
        window.setGeometry(owner.screen().geometry())
        window.column.addWidget(self._area)
        self._actions.add_to(window)
        window.showFullScreen()
        self._area.setFocus()
        self.show_controls()

    def leave(self) -> None:
        """Puts the picture back into the panel."""
        window, self._window = self._window, None
        if window is None:
            return
        self._quiet.stop()
        self._area.show_controls(True)
        self._home.addWidget(self._area, 1)
        self._area.show()
        window.hide()
        window.deleteLater()
        self._area.setFocus()

    @Slot()
    def show_controls(self) -> None:
        """Shows the controls, for a moment when the film plays."""
        if self._window is not None:
            self._area.show_controls(True)
            self._quiet.start(self.quiet_ms)

    @Slot()
    def _hide_controls(self) -> None:
        if self._window is not None and self._playhead.rate != 0 and not self._area.has_controls_in_use():
            self._area.show_controls(False)


class _ScreenWindow(QWidget):
    """A window that says when Escape, F11 or the system wants it to go."""

    left = Signal()
    touched = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setWindowTitle(self.tr("Preview"))
        self.setAutoFillBackground(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def event(self, event: QEvent) -> bool:
        """Handles the keys that leave the full screen before any shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _LEAVE:
            event.accept()
            return True
        if event.type() in _TOUCHES:
            self.touched.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and F11 leave."""
        if event.key() in _LEAVE:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it brings the picture back too."""
        event.accept()
        self.left.emit()
