"""The table of subtitles: one is chosen, and the film goes to where it begins."""

from PySide6.QtCore import QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.subtitles.cue_model import TO, WORDS, CueModel

_TIME_WIDTH = 104
_Index = QModelIndex | QPersistentModelIndex


class CueTable(QTableView):
    """``chosen`` brings the row that has the cursor, -1 = none; ``removed`` the rows to take away."""

    chosen = Signal(int)
    removed = Signal(list)

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._cues = CueModel(film, self)
        self.setModel(self._cues)
        self.setAccessibleName(self.tr("Subtitles"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(32)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column in range(TO + 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, _TIME_WIDTH)
        header.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        self._cues.modelReset.connect(self._reset)

    @property
    def rows(self) -> list[int]:
        """The rows that are selected."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, row: int) -> None:
        """Puts the cursor on this row."""
        if 0 <= row < self._cues.rowCount():
            self.selectRow(row)
            self.scrollTo(self._cues.index(row, WORDS))

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """The film goes to the subtitle."""
        super().currentChanged(current, previous)
        self.chosen.emit(current.row())
        if current.isValid() and current.row() != previous.row() and self.hasFocus():
            self._film.playhead.set_frame(self._frame_of(current.row()))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tells the row that has the cursor."""
        super().selectionChanged(selected, deselected)
        self.chosen.emit(self.currentIndex().row() if self.rows else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.rows:
            self.removed.emit(self.rows)
            return
        super().keyPressEvent(event)

    def _frame_of(self, row: int) -> int:
        """The first frame in which it is shown: frames are judged by their middles."""
        return max(0, round(self._cues.cues[row].start * self._film.playhead.fps / 1000))

    def _reset(self) -> None:
        self.chosen.emit(-1)
