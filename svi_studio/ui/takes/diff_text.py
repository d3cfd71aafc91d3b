"""Shows how the words of a take differ from the clip's present ones."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from svi_studio.document.takes.word_diff import Piece, word_diff
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.theme import theme


class DiffText(TextBox):
    """Words that only the take has are struck through, those that only the clip has now are underlined."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lines=1, most_lines=8, parent=parent)
        self._pieces: tuple[Piece, ...] = ()
        self._texts = ("", "")
        self.setReadOnly(True)
        self.setFrameShape(TextBox.Shape.NoFrame)
        self.setProperty("role", "quiet")
        self.document().setDocumentMargin(0)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("How the words differ"))
        theme().changed.connect(self._draw)

    def show_diff(self, take: str, now: str) -> None:
        """Compares the words of the take with those of now."""
        if (take, now) != self._texts:
            self._texts = (take, now)
            self._pieces = word_diff(take, now)
            self._draw()

    def _draw(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        for before, piece in pairwise((Piece("same", ""), *self._pieces)):
            if (before.change, piece.change) == ("gone", "new"):
                cursor.insertText(" ", QTextCharFormat())  # or two words would look like one
            look = QTextCharFormat()
            look.setForeground(theme().colour({"same": "text", "gone": "danger", "new": "ok"}[piece.change]))
            look.setFontStrikeOut(piece.change == "gone")
            look.setFontUnderline(piece.change == "new")
            cursor.insertText(piece.text, look)
        words = self.tr("The take: {take}. Now: {now}").format(take=self._texts[0], now=self._texts[1])
        self.setAccessibleDescription(words[:2000])
