"""The clips of the film as a list model: what the grid shows, what a screen reader says, how a drag moves them."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from svi_studio.document.timeline.scene import DropPlace
from svi_studio.ui.timeline.cards.in_words import describe, plain_tip
from svi_studio.ui.timeline.cards.look import MAX_WORDS
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand import drops

MIME = "application/x-svi-studio-clip-move"
Index = QModelIndex | QPersistentModelIndex


class GridModel(QAbstractListModel):
    """One row a clip, in the order of the film. Rows are dragged to move clips; Ctrl leaves copies."""

    def __init__(self, source: CardSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._count = 0
        self._watched = False
        self._tellers: dict[int, Callable[[int], Any]] = {
            Qt.ItemDataRole.DisplayRole: self._prompt,
            Qt.ItemDataRole.ToolTipRole: lambda row: plain_tip(self._words(row), self._prompt(row)),
            Qt.ItemDataRole.AccessibleTextRole: self._words,
            Qt.ItemDataRole.AccessibleDescriptionRole: self._prompt,
        }
        source.relaid.connect(self._relaid)
        source.changed.connect(self._changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """How many clips there are."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Prompt, words for hints and screen readers of one clip."""
        row = index.row()
        if not index.isValid() or row >= len(self.source.layout):
            return None
        tell = self._tellers.get(role)
        return None if tell is None else tell(row)

    def _prompt(self, row: int) -> str:
        return self.source.layout.clips[row].prompt[:MAX_WORDS]

    def _words(self, row: int) -> str:
        return describe(self.source, row)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Clips can be selected and dragged; drops go between them, pictures onto them."""
        flags = super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Move, or copy with Ctrl."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Clips of this film, pictures and text."""
        return [MIME, "text/uri-list", "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of the dragged clips, behind the film's folder: ids of another film mean other clips."""
        mime = QMimeData()
        ids = [self.source.layout.clips[index.row()].id for index in sorted(indexes, key=QModelIndex.row)]
        mime.setData(MIME, "\n".join([str(self.source.film.path), *ids]).encode())
        return mime

    def canDropMimeData(self, mime: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Whether the grid accepts the dropped data."""
        return not self.source.film.document.read_only and (bool(self._dragged(mime)) or drops.takes(mime))

    def dropMimeData(self, mime: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Moves clips, or brings in pictures or text. Never lets the view remove rows: the film does that itself."""
        onto = parent.row() if parent.isValid() else -1
        gap = row if row >= 0 else onto + 1 if onto >= 0 else self._count
        if ids := self._dragged(mime):
            commands = self.source.film.commands
            if action == Qt.DropAction.CopyAction:
                commands.clips.copy_to(ids, gap)
            else:
                commands.clips.move(ids, gap)
        else:
            place = DropPlace(True, onto) if onto >= 0 and drops.fits_onto_a_clip(mime) else DropPlace(False, gap)
            drops.drop(self.source.film, mime, place)
        return False

    def _dragged(self, mime: QMimeData) -> list[str]:
        """The ids of clips of this film that are being dragged."""
        folder, *ids = bytes(mime.data(MIME).data()).decode().split("\n")
        return ids if folder == str(self.source.film.path) else []

    def set_watched(self, watched: bool) -> None:
        """Sets whether anybody looks: changes are emitted only then, and those that came meanwhile at once."""
        self._watched = watched
        if watched:
            self._relaid()

    @Slot()
    def _relaid(self) -> None:
        if self._watched:
            self.beginResetModel()
            self._count = len(self.source.layout)
            self.endResetModel()

    @Slot(object)
    def _changed(self, clip_ids: object) -> None:
        if not self._watched or not self._count:
            return
        positions = self.source.layout.positions
        if clip_ids is None:
            rows = [0, self._count - 1]
        else:
            rows = [positions[clip_id] for clip_id in clip_ids if clip_id in positions]  # type: ignore[attr-defined]
        if rows and max(rows) < self._count:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
