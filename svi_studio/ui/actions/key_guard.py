"""Keeps plain keys where they are being used: letters go into text fields, Space to a button, arrows to a list."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QKeySequenceEdit)
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ENDS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def wants_key(widget: QWidget, key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Whether ``widget``, which has the focus, needs this key for itself, so that no shortcut may take it."""
    if modifiers & _COMMANDS or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35 or key == Qt.Key.Key_Escape:
        return False
    if isinstance(widget, _TEXT_FIELDS) or (isinstance(widget, QComboBox) and widget.isEditable()):
        return True
    if isinstance(widget, QAbstractItemView):
        return key in _ARROWS | _ENTER | _ENDS or (key == Qt.Key.Key_Space and _can_be_ticked(widget))
    if isinstance(widget, QComboBox):
        return key in _ARROWS | _ENTER | _ENDS or key == Qt.Key.Key_Space
    if isinstance(widget, QAbstractSlider | QTabBar):
        return key in _ARROWS | _ENDS
    return isinstance(widget, QAbstractButton) and key == Qt.Key.Key_Space


def _can_be_ticked(view: QAbstractItemView) -> bool:
    """Whether Space does something in the list: in one without boxes to tick it plays the film, as elsewhere."""
    return bool(view.currentIndex().flags() & Qt.ItemFlag.ItemIsUserCheckable)


def _is_open_list(widget: QWidget) -> bool:
    """Whether ``widget`` is the list of a combo box that is open, or another popup: it knows its keys itself."""
    return widget.window().windowType() == Qt.WindowType.Popup


def _chooses_with_space(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether Space chooses here, which Qt leaves to Enter."""
    return event.key() == Qt.Key.Key_Space and widget.window().inherits("QComboBoxPrivateContainer")


class _Guard(QObject):
    """Filters the events of the one widget in focus, not of the whole program: that would slow every event down."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._watched: QWidget | None = None
        application.focusChanged.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Takes no arguments on purpose: the widget that loses the focus may be in the middle of its destruction."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = QApplication.focusWidget()
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claims a key for the widget in focus before a shortcut is looked for.

        The list of an open combo box chooses at this very event, so it must get it; Space becomes Enter for it.
        """
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(watched, QWidget):
            return False
        assert isinstance(event, QKeyEvent)  # noqa: S101 - Qt sends no other kind
        if _chooses_with_space(watched, event):
            QApplication.sendEvent(watched, QKeyEvent(event.type(), Qt.Key.Key_Return, event.modifiers()))
        elif _is_open_list(watched) or not wants_key(watched, event.key(), event.modifiers()):
            return False
        event.accept()
        return True


def guard_typing() -> None:
    """Watches over the focus from now on; more calls change nothing."""
    application = QApplication.instance()
    if isinstance(application, QApplication) and application.findChild(_Guard) is None:
        _Guard(application)
