"""The clips of the footage as Qt wants them: all, those that are used, or those that are left out."""

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from svi_studio.document.training import words
from svi_studio.domain.training.footage import Footage, FootageClip

CLIP = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class Shown(Enum):
    """Which clips the list shows."""

    ALL = auto()
    USED = auto()
    LEFT_OUT = auto()
    NO_CAPTION = auto()

    def holds(self, clip: FootageClip) -> bool:
        """Whether ``clip`` is one of them."""
        if self is Shown.USED:
            return clip.is_used
        if self is Shown.LEFT_OUT:
            return not clip.is_used
        return self is Shown.ALL or (clip.is_used and not clip.caption.strip())


class ClipModel(QAbstractListModel):
    """The role CLIP gives a FootageClip. ``folder`` is where its pictures lie."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = Path()
        self.clips: tuple[FootageClip, ...] = ()
        self.held_out: frozenset[str] = frozenset()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many clips there are."""
        return 0 if parent.isValid() else len(self.clips)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The clip, and for those who cannot see it what its card says."""
        if not index.isValid() or index.row() >= len(self.clips):
            return None
        clip = self.clips[index.row()]
        if role == CLIP:
            return clip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            held = words.held_out() if clip.id in self.held_out else ""
            said = (clip.source, words.place(clip), words.standing(clip), held, clip.caption)
            return ", ".join(part for part in said if part)
        return None

    def mark(self, held_out: frozenset[str]) -> None:
        """These clips are held out, by their ids."""
        if held_out != self.held_out:
            self.held_out = held_out
            if self.clips:
                self.dataChanged.emit(self.index(0), self.index(len(self.clips) - 1))

    def show_footage(self, footage: Footage | None, folder: Path, shown: Shown, keep: Sequence[str] = ()) -> None:
        """Shows the clips of ``footage``, and those in ``keep`` even when they have just become others.

        Cards that stay where they are keep selection and focus.
        """
        clips = () if footage is None else footage.clips
        new = tuple(clip for clip in clips if shown.holds(clip) or clip.id in keep)
        same = folder == self.folder and [clip.id for clip in new] == [clip.id for clip in self.clips]
        if same and new != self.clips:
            self.clips = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
        elif not same:
            self.beginResetModel()
            self.folder, self.clips = folder, new
            self.endResetModel()

    def row_of(self, clip_id: str) -> int:
        """The row of a clip; -1 when it is not shown."""
        return next((row for row, clip in enumerate(self.clips) if clip.id == clip_id), -1)
