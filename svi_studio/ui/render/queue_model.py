"""The queue as a Qt list: one row for every queued render, kept from the queue it shows."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from svi_studio.document.render.queue_row import QueueRow
from svi_studio.ui.controls.elided_label import plain_tool_tip

Index = QModelIndex | QPersistentModelIndex


class QueueRole(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole + 1


class QueueModel(QAbstractListModel):
    """Shows ``rows``; ``show_rows`` changes only what is different, so that selection and focus stay."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QueueRow] = []

    @property
    def rows(self) -> Sequence[QueueRow]:
        """What is shown, in order."""
        return self._rows

    def row_of(self, render_id: str) -> int | None:
        """Place of the render with this id; None when it is not in the queue."""
        return next((place for place, row in enumerate(self._rows) if row.id == render_id), None)

    def show_rows(self, rows: Sequence[QueueRow]) -> None:
        """Shows these instead."""
        if [row.id for row in rows] == [row.id for row in self._rows]:
            for place, row in enumerate(rows):
                self.show_row(place, row)
            return
        self._rearrange(list(rows))

    def show_row(self, place: int, row: QueueRow) -> None:
        """Shows one row anew, if it is different."""
        if self._rows[place] != row:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place), self.index(place))

    def update_posters(self, has_changed: Callable[[QueueRow], bool]) -> None:
        """Draws the rows anew whose picture has come."""
        for place, row in enumerate(self._rows):
            if has_changed(row):
                self.dataChanged.emit(self.index(place), self.index(place))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many renders there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row for the delegate, words for everyone else."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == QueueRole.ROW:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return row.spoken
        return plain_tool_tip(row.spoken) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A render that waits can be dragged."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self._rows[index.row()].is_waiting else flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved within their list."""
        return Qt.DropAction.MoveAction

    def _rearrange(self, rows: list[QueueRow]) -> None:
        """Shows other renders, or another order; rows that stay keep their selection."""
        self._drop({row.id for row in self._rows} - {row.id for row in rows})
        known = {row.id for row in self._rows}
        for place, row in enumerate(rows):
            if row.id not in known:
                at = min(place, len(self._rows))
                self.beginInsertRows(QModelIndex(), at, at)
                self._rows.insert(at, row)
                self.endInsertRows()
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._reorder(rows)
        for place, row in enumerate(rows):
            self.show_row(place, row)

    def _drop(self, gone: set[str]) -> None:
        for place in reversed(range(len(self._rows))):
            if self._rows[place].id in gone:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()

    def _reorder(self, rows: list[QueueRow]) -> None:
        self.layoutAboutToBeChanged.emit()
        places = {row.id: place for place, row in enumerate(rows)}
        before = self.persistentIndexList()
        after = [self.createIndex(places[self._rows[index.row()].id], 0) for index in before]
        self._rows = list(rows)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
