"""Marks words in a text box with a wavy line, and says why when the mouse rests on one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip

from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.theme import theme

Places = Sequence[tuple[int, int]]


class MarkedWords(QObject):
    """``find`` tells where the words stand (start and end of each); ``tip`` is what is said of one of them."""

    def __init__(self, box: TextBox, find: Callable[[str], Places], tip: Callable[[str], str]) -> None:
        super().__init__(box)
        self.places: Places = ()
        self._box, self._find, self._tip = box, find, tip
        box.textChanged.connect(self.refresh)
        box.viewport().installEventFilter(self)
        theme().changed.connect(self.refresh)

    def refresh(self) -> None:
        """Look at the words again."""
        self.places = tuple(self._find(self._box.text()))
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme().colour("warn"))
        self._box.setExtraSelections([self._mark(place, look) for place in self.places])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tool tip over a marked word."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self.said_at(self._box.cursorForPosition(event.pos()).position())
            if said:
                QToolTip.showText(event.globalPos(), said, self._box)
                return True
        return super().eventFilter(watched, event)

    def said_at(self, position: int) -> str:
        """What is said of the word at this place of the box; empty when it is not marked."""
        text = self._box.text()
        for start, end in self.places:
            if _units(text[:start]) <= position <= _units(text[:end]):
                return self._tip(text[start:end])
        return ""

    def _mark(self, place: tuple[int, int], look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        text = self._box.text()
        cursor = QTextCursor(self._box.document())
        cursor.setPosition(_units(text[: place[0]]))
        cursor.setPosition(_units(text[: place[1]]), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, look  # type: ignore[attr-defined]
        return mark


def _units(text: str) -> int:
    """Length in UTF-16 units, which Qt counts positions in."""
    return len(text) + sum(char > "\uffff" for char in text)
