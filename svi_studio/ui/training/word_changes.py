"""Pairs of words: what is looked for in captions, and what stands there instead."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from svi_studio.domain.training.data_recipe import WordChange
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox

_MOST = 100


class WordChanges(QWidget):
    """``edited`` brings all pairs, a tuple of ``WordChange``. One empty line is always there for the next."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[tuple[LineBox, LineBox]] = []
        self._column = column_of(within=self, spacing=6)
        self._add()

    @property
    def changes(self) -> tuple[WordChange, ...]:
        """The pairs as they are typed; a line that looks for nothing is none."""
        return tuple(
            WordChange(find=find.text(), instead=instead.text()) for find, instead in self.lines if find.text()
        )

    def show_changes(self, changes: Sequence[WordChange]) -> None:
        """Shows these pairs; lines that say the same already stay as they are."""
        if tuple(changes) == self.changes:
            return
        while len(self.lines) <= len(changes):
            self._add()
        for number, (find, instead) in enumerate(self.lines):
            find.show_text(changes[number].find if number < len(changes) else "")
            instead.show_text(changes[number].instead if number < len(changes) else "")

    def _add(self) -> None:
        find, instead = LineBox(200, self), LineBox(1000, self)
        for box, words in ((find, self.tr("Find")), (instead, self.tr("Replace with"))):
            box.setPlaceholderText(words)
            box.setAccessibleName(words)
            box.edited.connect(self._typed)
        self.lines.append((find, instead))
        self._column.addLayout(row_of((find, 1), (instead, 1), spacing=8))

    def _typed(self) -> None:
        if self.lines[-1][0].text() and len(self.lines) < _MOST:
            self._add()
        self.edited.emit(self.changes)
