"""Which clips are selected, and which one of them the inspector shows."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange


class Selection(QObject):
    """Selected clips in the order of the film. It follows edits: deleted clips leave it, their neighbour takes over."""

    changed = Signal()

    def __init__(self, document: FilmDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._ids: tuple[str, ...] = ()
        self._current: str | None = None
        self._anchor: str | None = None
        document.changed.connect(self._follow)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the selected clips, in the order of the film."""
        return self._ids

    @property
    def current(self) -> str | None:
        """The clip that was chosen last; one of ``ids``, None when nothing is selected."""
        return self._current

    def select(self, ids: Iterable[str], current: str | None = None) -> None:
        """Selects these clips and no others; unknown ids are left out. ``current`` None = the last of them."""
        known = self._in_order(set(ids))
        chosen = current if current in known else known[-1] if known else None
        self._anchor = chosen
        self._set(known, chosen)

    def toggle(self, clip_id: str) -> None:
        """Adds the clip, or takes it out when it is selected (Ctrl and click)."""
        ids = set(self._ids) ^ {clip_id}
        self.select(ids, clip_id if clip_id in ids else None)

    def extend_to(self, clip_id: str) -> None:
        """Selects from where the selection began to this clip (Shift and click)."""
        start = self._document.index(self._anchor) if self._anchor else None
        stop = self._document.index(clip_id)
        if start is None or stop is None:
            self.select([clip_id])
            return
        first, last = sorted((start, stop))
        self._set(tuple(clip.id for clip in self._document.storyboard.clips[first : last + 1]), clip_id)

    def select_all(self) -> None:
        """Selects every clip; the current one stays."""
        self.select((clip.id for clip in self._document.storyboard.clips), self._current)

    def clear(self) -> None:
        """Selects nothing."""
        self.select(())

    def _in_order(self, ids: set[str]) -> tuple[str, ...]:
        if len(ids) <= 1:
            return tuple(clip_id for clip_id in ids if self._document.index(clip_id) is not None)
        return tuple(clip.id for clip in self._document.storyboard.clips if clip.id in ids)

    def _set(self, ids: tuple[str, ...], current: str | None) -> None:
        if (ids, current) != (self._ids, self._current):
            self._ids, self._current = ids, current
            self.changed.emit()

    @Slot(object)
    def _follow(self, change: StoryboardChange) -> None:
        if not self._ids or not change.order:
            return
        left = self._in_order(set(self._ids))
        if not left:
            left = self._neighbour(change)
        if self._anchor is None or self._document.index(self._anchor) is None:
            self._anchor = left[-1] if left else None
        self._set(left, self._current if self._current in left else left[-1] if left else None)

    def _neighbour(self, change: StoryboardChange) -> tuple[str, ...]:
        """The clip at the place where the first selected one stood, or the last clip."""
        gone = set(self._ids)
        place = next((k for k, clip in enumerate(change.before.clips) if clip.id in gone), 0)
        clips = self._document.storyboard.clips
        return (clips[min(place, len(clips) - 1)].id,) if clips else ()
