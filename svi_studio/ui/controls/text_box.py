"""A box for plain text that grows with its words, keeps its cursor while the film changes, and has no own undo."""

import re
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from svi_studio.ui.controls.line_box import is_undo
from svi_studio.ui.controls.look import look_shut

PARAGRAPH: Final = "\u2029"  # what Qt puts between two lines
_FRAME: Final = 12  # pixels of edge and padding, until the look is known
_ENDLESS: Final = re.compile(r"\S{3000}")  # Qt takes seconds to find out that such a word has no place to break


def one_kind_of_line_end(text: str) -> str:
    """``text`` as a text box gives it back: every line ends with a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(PARAGRAPH, "\n")


class TextBox(QPlainTextEdit):
    """Plain words. ``edited`` comes after each change by the user, ``left`` when the cursor leaves the box.

    ``show_text`` never emits. Right-to-left text turns its own lines. Undo and redo keys pass on to the window.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(self, lines: int = 2, most_lines: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._most_lines = lines, most_lines
        self._showing = False
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.document().setDefaultTextOption(option)
        self.textChanged.connect(self._text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """The words in the box; no-break spaces stay what they are."""
        return self.document().toRawText().replace(PARAGRAPH, "\n")

    def show_text(self, text: str) -> None:
        """Makes the box say ``text``: only what differs is replaced, so cursor and selection stay where they can."""
        old, new = self.text(), one_kind_of_line_end(text)
        if old == new:
            return
        start = _common(old, new)
        tail = _common(old[start:][::-1], new[start:][::-1])
        self._showing = True
        if _ENDLESS.search(new):
            self._expect(new)
        try:
            self._replace(_units(old[:start]), _units(old[: len(old) - tail]), new[start : len(new) - tail])
            self._expect(new)
        finally:
            self._showing = False
        self._fit()

    def _replace(self, first: int, stop: int, words: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(first)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(words)

    def setReadOnly(self, read_only: bool) -> None:
        """Makes the box read-only, or editable again."""
        super().setReadOnly(read_only)
        look_shut(self, read_only)

    def sizeHint(self) -> QSize:
        """As tall as the words, between the fewest and the most lines."""
        return QSize(super().sizeHint().width(), self.height())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pastes words only."""
        words = source.text()
        if _ENDLESS.search(words):
            self._expect(words)
        self.insertPlainText(words)

    def _expect(self, words: str) -> None:
        """Breaks lines between words, but anywhere in ``words`` that have hardly a gap."""
        mode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        if _ENDLESS.search(words):
            mode = QTextOption.WrapMode.WrapAnywhere
        option = self.document().defaultTextOption()
        if option.wrapMode() != mode:
            option.setWrapMode(mode)
            self.document().setDefaultTextOption(option)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Pictures and files are for the picture wells."""
        return source.hasText() and not source.hasUrls()

    def event(self, event: QEvent) -> bool:
        """Lets the window have undo and redo, which Qt would keep for a history of the box's own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter and undo belong to the window."""
        if is_undo(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that typing has ended, unless only the window went to the background or a menu opened."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts and margins are known from now on."""
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or look needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._fit()

    def _text_changed(self) -> None:
        if not self._showing:
            self.edited.emit(self.text())

    def _fit(self, _size: object = None) -> None:
        rows = self.document().size().height()  # QPlainTextEdit counts in lines, not in pixels
        line = self.document().firstBlock().layout()
        row = line.lineAt(0).height() if line.lineCount() else self.fontMetrics().height()
        frame = self.height() - self.viewport().height() if self.isVisible() else _FRAME
        around = 2 * self.document().documentMargin() + frame
        height = round(min(max(rows, self._lines), self._most_lines) * row + around)
        scrolls = rows > self._most_lines
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        if not self.minimumHeight() == height == self.maximumHeight():
            self.setFixedHeight(height)
        if not scrolls:
            self.verticalScrollBar().setValue(0)


def _common(old: str, new: str) -> int:
    """How many characters at the start are the same."""
    shorter = min(len(old), len(new))
    if old[:shorter] == new[:shorter]:
        return shorter
    return next(at for at in range(shorter) if old[at] != new[at])


def _units(text: str) -> int:
    """Length in UTF-16 units, which Qt counts positions in."""
    return len(text) + sum(char > "\uffff" for char in text)
