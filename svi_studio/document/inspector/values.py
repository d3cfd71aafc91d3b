"""One piece of the film's state each: what a control shows and where its edits go."""

from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.storyboard import Clip


class Various(Enum):
    """The value of a field in which the selected clips differ."""

    VARIOUS = "various"


VARIOUS: Final = Various.VARIOUS


class InspectedClips(QObject):
    """The selected clips, found once for each change. ``changed`` comes when one of them, or the film around, differs.

    ``others_chosen`` comes before it when other clips are selected than before.
    """

    changed = Signal()
    others_chosen = Signal()

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.commands, self._selection = film.document, film.commands, film.selection
        self.clips: tuple[Clip, ...] = ()
        self.indexes: tuple[int, ...] = ()
        self.open_clips: tuple[Clip, ...] = ()
        self._read()
        film.document.changed.connect(self._film_changed)
        film.selection.changed.connect(self._selection_changed)

    @property
    def current(self) -> int | None:
        """Index of the clip whose words and advice are shown; None without a selection."""
        chosen = self._selection.current
        return None if chosen is None else self.document.index(chosen)

    @property
    def is_open(self) -> bool:
        """Whether an edit would change anything."""
        return bool(self.open_clips) and not self.document.read_only

    @property
    def open_ids(self) -> tuple[str, ...]:
        """Ids of the selected clips that an edit may change."""
        return tuple(clip.id for clip in self.open_clips) if self.is_open else ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all selected clips, in the order of the film."""
        return tuple(clip.id for clip in self.clips)

    def _read(self) -> None:
        found = [self.document.index(clip_id) for clip_id in self._selection.ids]
        self.indexes = tuple(index for index in found if index is not None)
        every = self.document.storyboard.clips
        self.clips = tuple(every[index] for index in self.indexes)
        self.open_clips = tuple(clip for clip in self.clips if not clip.locked)

    @Slot(object)
    def _film_changed(self, _change: object) -> None:
        self._read()
        self.changed.emit()

    @Slot()
    def _selection_changed(self) -> None:
        self._read()
        self.others_chosen.emit()
        self.changed.emit()


class ClipValue(QObject):
    """The field ``name`` of the selected clips; ``words`` name the edit for the undo menu."""

    changed = Signal()

    def __init__(self, clips: InspectedClips, name: str, words: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips, self._name, self._words = clips, name, words
        clips.changed.connect(self.changed)

    def get(self) -> Any:
        """What the selected clips share, VARIOUS, or None without any; locked ones count when all of them are."""
        clips = self._clips.open_clips or self._clips.clips
        if not clips:
            return None
        first = getattr(clips[0], self._name)
        same = all(getattr(clip, self._name) == first for clip in clips)
        return first if same else VARIOUS

    @property
    def is_open(self) -> bool:
        """Whether an edit would change anything."""
        return self._clips.is_open

    def set(self, value: Any) -> bool:
        """Gives ``value`` to every selected clip that is not locked, as one step; a run of them is one step too."""
        ids = self._clips.open_ids
        if not ids:
            return False
        merge = f"{self._name} {len(ids)} {ids[0]} {ids[-1]}"
        words = self._words if len(ids) == 1 else _of_clips(self._words, len(ids))
        return self._clips.commands.clips.change(words, ids, merge, **{self._name: value})

    def end(self) -> None:
        """Ends the run of edits: the next edit is a step of undo of its own."""
        self._clips.document.end_merge()


class FilmValue(QObject):
    """The setting ``name`` of the film; ``words`` name the edit for the undo menu."""

    changed = Signal()

    def __init__(self, film: InspectedFilm, name: str, words: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._commands, self._name, self._words = film.document, film.commands.film, name, words
        film.document.changed.connect(self._follow)

    def get(self) -> Any:
        """The value as it is now."""
        return getattr(self._document.storyboard, self._name)

    @property
    def is_open(self) -> bool:
        """Whether it can be edited."""
        return not self._document.read_only

    def set(self, value: Any) -> bool:
        """Gives the film ``value``; a run of edits of the same setting is one step of undo."""
        return self._commands.change(self._words, f"film {self._name}", **{self._name: value})

    def end(self) -> None:
        """Ends the run of edits: the next edit is a step of undo of its own."""
        self._document.end_merge()

    @Slot(object)
    def _follow(self, _change: object) -> None:
        self.changed.emit()


Value = ClipValue | FilmValue


def _of_clips(words: str, count: int) -> str:
    return QCoreApplication.translate("Inspector", "{edit} of {count} clips").format(edit=words, count=count)
