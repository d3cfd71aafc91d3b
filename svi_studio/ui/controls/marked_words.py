"""Marks words in a text box with a wavy line, and says why when the mouse rests on one."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip

from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.theme import theme

_MOST = 300

Places = Sequence[tuple[int, int]]


class MarkedWords(QObject):
    """``find`` tells where the words stand (start and end of each); ``tip`` is what is said of one of them."""

    def __init__(self, box: TextBox, find: Callable[[str], Places], tip: Callable[[str], str]) -> None:
        super().__init__(box)
        self.places: Places = ()
        self._marked: list[tuple[int, int, str]] = []  # in Qt's units, and the word
        self._box, self._find, self._tip = box, find, tip
        box.textChanged.connect(self.refresh)
        box.viewport().installEventFilter(self)
        theme().changed.connect(self.refresh)

    def refresh(self) -> None:
        """Looks at the words again; of very many only the first are marked."""
        text = self._box.text()
        self.places = tuple(self._find(text))[:_MOST]
        units = _units(text)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme().colour("warn"))
        self._marked = [(units(start), units(end), text[start:end]) for start, end in self.places]
        self._box.setExtraSelections([self._mark(start, end, look) for start, end, _word in self._marked])

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
        return next((self._tip(word) for start, end, word in self._marked if start <= position <= end), "")

    def _mark(self, start: int, end: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self._box.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, look
        return mark


def _units(text: str) -> Callable[[int], int]:
    """From a place in ``text`` to Qt's, which counts in UTF-16 units."""
    if max(text, default="") <= "\uffff":
        return lambda place: place
    before = [0, *accumulate(1 + (char > "\uffff") for char in text)]
    return before.__getitem__
