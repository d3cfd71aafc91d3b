"""The list of takes as Qt wants it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from svi_studio.document.takes.take_look import TakeLook
from svi_studio.document.takes.take_words import made_words, seed_words, standing_words, when_words

LOOK = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class TakeModel(QAbstractListModel):
    """The takes of one clip, newest first. The role LOOK gives a TakeLook."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.looks: tuple[TakeLook, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many takes there are."""
        return 0 if parent.isValid() else len(self.looks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The take, and for those who cannot see it what the row says."""
        if not index.isValid() or index.row() >= len(self.looks):
            return None
        look = self.looks[index.row()]
        if role == LOOK:
            return look
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_words(look)
        return None

    def show_looks(self, looks: Sequence[TakeLook]) -> None:
        """Shows these takes. Rows that stay where they are keep selection and focus."""
        new = tuple(looks)
        same = [look.take_hash for look in new] == [look.take_hash for look in self.looks]
        if same and new != self.looks:
            self.looks = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
        elif not same:
            self.beginResetModel()
            self.looks = new
            self.endResetModel()

    def row_of(self, take_hash: str) -> int:
        """The row of a take; -1 when it is not in the list."""
        return next((row for row, look in enumerate(self.looks) if look.take_hash == take_hash), -1)


def row_words(look: TakeLook) -> str:
    """Everything that the row shows, as one sentence."""
    stars = f"{look.stars}/5" if look.stars else ""
    parts = (seed_words(look.take), standing_words(look), made_words(look), when_words(look.take), stars)
    return ", ".join(part for part in parts if part)
