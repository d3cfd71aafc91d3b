"""A menu in which Space chooses as Enter does, whatever the style of the system thinks of it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu


class KeyMenu(QMenu):
    """Use this for every menu of the program."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space is Enter here."""
        if event.key() == Qt.Key.Key_Space:
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        super().keyPressEvent(event)
