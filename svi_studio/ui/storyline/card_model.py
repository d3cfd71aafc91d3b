"""The lines of the desk as Qt wants them; cards that arrive while a story is written are added at the end."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from svi_studio.document.story.card_row import CardRow

ROW = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class CardModel(QAbstractListModel):
    """The role ROW gives a CardRow. ``chosen`` brings a card and whether it is wanted, ``edited`` other words for one.

    ``sizes_changed`` comes when lines are taller or lower than before. ``shows_film``: whether a line has words of the
    film.
    """

    chosen = Signal(int, bool)
    edited = Signal(int, str)
    sizes_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[CardRow, ...] = ()
        self.can_edit = True
        self.shows_film = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line, and for those who cannot see it what it says."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.EditRole:
            return row.new
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.CheckStateRole and row.can_be_chosen:
            return Qt.CheckState.Checked if row.is_chosen else Qt.CheckState.Unchecked
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cards can be selected and edited; clips of the film only looked at."""
        if not index.isValid() or index.row() >= len(self.rows):
            return Qt.ItemFlag.NoItemFlags
        row = self.rows[index.row()]
        if not row.is_card:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.can_edit:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for other words, or to take a card in or out; the desk decides and shows the lines anew."""
        row = self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None
        if row is None or row.card is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self.chosen.emit(row.card, bool(value))
            return True
        if role == Qt.ItemDataRole.EditRole and value != row.new:
            self.edited.emit(row.card, str(value))
            return True
        return False

    def show_rows(self, rows: Sequence[CardRow]) -> None:
        """Shows these lines; those that stay where they are keep selection and scroll bar."""
        new = tuple(rows)
        if new == self.rows:
            return
        old, shared = self.rows, min(len(new), len(self.rows))
        self.shows_film = any(row.old or not row.is_card for row in new)
        if len(new) < len(old):
            self.beginRemoveRows(QModelIndex(), len(new), len(old) - 1)
            self.rows = old[: len(new)]
            self.endRemoveRows()
        elif len(new) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self.rows = (*old, *new[len(old) :])
            self.endInsertRows()
        different = [place for place in range(shared) if old[place] != new[place]]
        self.rows = new
        if different:
            self.dataChanged.emit(self.index(different[0]), self.index(different[-1]))
            self.sizes_changed.emit()

    def row_of(self, card: int) -> int:
        """The line of a card; -1 when it is not there."""
        return next((place for place, row in enumerate(self.rows) if row.card == card), -1)
