"""Which keys are held down now, for keys that mean something else together, such as K and L."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_DOWN = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class HeldKeys(QObject):
    """Watches the one widget in focus; whoever loses the focus has no key held."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._down: set[int] = set()
        self._repeats = False
        self._watched: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
            self._follow(None, application.focusWidget())

    @property
    def repeats(self) -> bool:
        """Whether the last key press came from a key that is held, not from a finger."""
        return self._repeats

    def is_down(self, key: int) -> bool:
        """Whether the key (Qt.Key) is held."""
        return key in self._down

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._down.clear()
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new or QApplication.activeWindow()  # keys go to the window when no widget has the focus
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes note, lets everything pass."""
        if event.type() in _DOWN:
            assert isinstance(event, QKeyEvent)  # noqa: S101 - Qt sends no other kind
            self._down.add(event.key())
            self._repeats = event.isAutoRepeat()
        elif event.type() == QEvent.Type.KeyRelease:
            assert isinstance(event, QKeyEvent)  # noqa: S101
            if not event.isAutoRepeat():
                self._down.discard(event.key())
        return False
