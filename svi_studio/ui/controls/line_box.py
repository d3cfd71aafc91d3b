"""A box for one line of plain text that leaves undo to the film."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from svi_studio.ui.controls.look import look_shut


class LineBox(QLineEdit):
    """``edited`` comes after each change by the user, ``left`` when the cursor leaves. ``show_text`` never emits."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, most: int = 500, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(most)
        self.textEdited.connect(self.edited)

    def show_text(self, text: str) -> None:
        """Shows ``text``; the cursor stays where it can."""
        if self.text() != text:
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(place, len(self.text())) if self.hasFocus() else 0)

    def setReadOnly(self, read_only: bool) -> None:
        """Makes the box read-only, or editable again."""
        super().setReadOnly(read_only)
        look_shut(self, read_only)

    def event(self, event: QEvent) -> bool:
        """Lets the window have undo and redo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo goes to the window."""
        if is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Typing has ended."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def is_undo(event: QKeyEvent) -> bool:
    """Whether the keys ask for undo or redo, in any of their spellings on this system."""
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
