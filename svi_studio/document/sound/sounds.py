"""The sounds under a film, made ready in the background: how long each is, what it looks like, how it is heard."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.domain.film.sound_time import exact_rate, frames_of_sound
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:  # the program starts without them: most films are silent
    from svi_studio.media.sounds.mix import FilmMix
    from svi_studio.media.sounds.ready_sound import ReadySound


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a sound is made ready: ``share`` 0..1, None while nobody knows how long it is; or why it cannot be."""

    share: float | None = None
    problem: str = ""


class Sounds(QObject):
    """The files of the film's sound track, by their paths in the storyboard. They are read as soon as it names them.

    Signals carry such a path: ``changed`` when it is ready, or cannot be; ``progressed`` while it is being read.
    ``mix_changed``: the film sounds otherwise now.
    """

    changed = Signal(str)
    progressed = Signal(str)
    mix_changed = Signal()
    _told = Signal(str, float, object)

    def __init__(self, document: FilmDocument, playhead: Playhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._playhead = document, playhead
        self._work = Background("sounds", self)
        self._ready: dict[str, ReadySound] = {}
        self._reading: dict[str, Reading] = {}
        self._told.connect(self._progressed)
        document.changed.connect(self._edited)
        playhead.time_changed.connect(self.mix_changed)

    def start(self) -> None:
        """Begins to make the film's sounds ready."""
        self._want(_files(self._document.storyboard))

    def ready(self, file: str) -> "ReadySound | None":
        """The sound of that file; None while it is not ready."""
        return self._ready.get(file)

    def reading(self, file: str) -> Reading | None:
        """How far the reading of that file is, or why it cannot be read; None when it is ready."""
        return self._reading.get(file)

    def notes(self, file: str) -> str:
        """What its owner should know of that file, in sentences; empty when there is nothing, or it is not ready."""
        found = self._ready.get(file)
        if found is None:
            return ""
        from svi_studio.media.sounds.note_words import note_words  # noqa: PLC0415

        return note_words(found.facts)

    def frames(self, file: str) -> int | None:
        """How many film frames that file lasts; None while nobody knows."""
        found = self._ready.get(file)
        return None if found is None else frames_of_sound(found.samples, exact_rate(self._playhead.fps))

    @property
    def is_heard(self) -> bool:
        """Whether there is anything to hear: a sound that is ready, under a film whose sound is not muted."""
        track = track_of(self._document.storyboard, InputKind.SOUND)
        return not track.muted and any(piece.file in self._ready for piece in track.pieces)

    def mix(self) -> "FilmMix":
        """What is heard of the film as it is now."""
        from svi_studio.media.sounds.mix import FilmMix  # noqa: PLC0415

        return FilmMix(track_of(self._document.storyboard, InputKind.SOUND), self._ready, self._playhead.fps)

    def keep(self, file: str, sound: "ReadySound") -> None:
        """Takes in a sound that was made ready elsewhere, when it came into the film."""
        self._done(file, sound)

    def forget_problems(self) -> None:
        """Tries again what could not be read: the files may be there now."""
        lost = [file for file, reading in self._reading.items() if reading.problem]
        for file in lost:
            del self._reading[file]
        self._want(lost)

    def close(self) -> bool:
        """Ends the thread and lets go of the files; returns whether it has ended."""
        ended = self._work.close()
        for sound in self._ready.values():
            sound.close()
        self._ready.clear()
        return ended

    def _want(self, files: Iterable[str]) -> None:
        for file in files:
            if file not in self._ready and file not in self._reading:
                self._reading[file] = Reading()
                self._submit(file)

    def _submit(self, file: str) -> None:
        def read() -> "ReadySound":
            from svi_studio.media.sounds.sound_store import ready_sound  # noqa: PLC0415

            path = self._document.file(file)
            return ready_sound(path, lambda done, of: self._told.emit(file, done, of), thread_stops)

        self._work.submit(read, lambda sound: self._done(file, sound), lambda error: self._failed(file, error))

    def _done(self, file: str, sound: "ReadySound") -> None:
        if file in self._ready:
            sound.close()
            return
        self._ready[file] = sound
        self._reading.pop(file, None)
        self.changed.emit(file)
        self.mix_changed.emit()

    def _failed(self, file: str, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("reading a sound failed", exc_info=error)
        if not isinstance(error, Stopped):
            self._reading[file] = Reading(problem=str(told or self.tr("This sound could not be read.")))
            self.changed.emit(file)

    @Slot(str, float, object)
    def _progressed(self, file: str, done: float, of: float | None) -> None:
        if file in self._reading:
            self._reading[file] = Reading(min(done / of, 1.0) if of else None)
            self.progressed.emit(file)

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if change.before.tracks != change.after.tracks:
            self._want(_files(change.after))
            self.mix_changed.emit()


def _files(storyboard: Storyboard) -> tuple[str, ...]:
    """The files of the sound track, each once."""
    return tuple(dict.fromkeys(piece.file for piece in track_of(storyboard, InputKind.SOUND).pieces))
