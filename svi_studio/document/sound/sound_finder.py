"""Finds speech, silences, onsets and beats in the sounds of a film, in the background, when somebody wants to know."""

import logging

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.domain.film.sound_marks import FilmMarks, MarkKind, SoundMarks, film_marks
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.track import InputKind, Track
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops


class SoundFinder(QObject):
    """``changed``: more is known, or the film's sound is another one. ``progressed``: ``share`` has grown.

    Nothing is looked for before ``want``; from then on all sounds of the film are looked through, also later ones.
    What was found in a file is kept, so that each is looked through once.
    """

    changed = Signal()
    progressed = Signal()
    _told = Signal(str, int, int)

    def __init__(self, document: FilmDocument, playhead: Playhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._playhead = document, playhead
        self._work = Background("sound finder", self)
        self._found: dict[str, SoundMarks] = {}
        self._looking: dict[str, float] = {}
        self._problems: dict[str, str] = {}
        self._is_wanted = False
        self._marks: tuple[tuple[Track, float, int], FilmMarks] | None = None
        self._told.connect(self._progressed)
        document.changed.connect(self._edited)
        playhead.time_changed.connect(self.changed)

    @property
    def is_busy(self) -> bool:
        """Whether a sound is being looked through."""
        return bool(self._looking)

    @property
    def share(self) -> float:
        """How much of the sounds that were asked for is looked through, 0 to 1."""
        files = len(self._looking)
        return sum(self._looking.values()) / files if files else 1.0

    @property
    def problem(self) -> str:
        """Why one of the film's sounds cannot be looked through; empty when all can."""
        return next((self._problems[file] for file in self._files() if file in self._problems), "")

    @property
    def has_sound(self) -> bool:
        """Whether there is any sound under the film."""
        return bool(self._track().pieces)

    def want(self) -> None:
        """Looks through the film's sounds from now on. What could not be read is tried again."""
        self._is_wanted = True
        self._problems.clear()
        self._look()

    def marks(self) -> FilmMarks:
        """All that is known, under the film as it is now."""
        now = (self._track(), self._playhead.fps, len(self._found))
        if self._marks is None or self._marks[0] != now:
            self._marks = (now, film_marks(now[0], self._found, exact_rate(now[1])))
        return self._marks[1]

    def snap_frames(self) -> tuple[int, ...]:
        """The film frames at which sentences and beats begin, in order; begins to look for them the first time."""
        if self.has_sound and not self._is_wanted:
            self.want()
        points = self.marks().snap_points(exact_rate(self._playhead.fps))
        return tuple(frame for frame, kind in points if kind is not MarkKind.ONSET)

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _track(self) -> Track:
        return track_of(self._document.storyboard, InputKind.SOUND)

    def _files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.file for piece in self._track().pieces))

    def _look(self) -> None:
        for file in self._files():
            if file not in self._found and file not in self._looking and file not in self._problems:
                self._looking[file] = 0.0
                self._submit(file)

    def _submit(self, file: str) -> None:
        def look() -> SoundMarks:
            from svi_studio.media.sounds.marks_of_file import marks_of_file  # noqa: PLC0415 - numpy, late

            path = self._document.file(file)
            return marks_of_file(path, lambda done, of: self._told.emit(file, done, of), thread_stops)

        self._work.submit(look, lambda marks: self._done(file, marks), lambda error: self._failed(file, error))

    def _done(self, file: str, marks: SoundMarks) -> None:
        self._looking.pop(file, None)
        self._found[file] = marks
        self.changed.emit()

    def _failed(self, file: str, error: Exception) -> None:
        self._looking.pop(file, None)
        if isinstance(error, Stopped):
            return
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("looking through a sound failed", exc_info=error)
        self._problems[file] = str(told or self.tr("This sound could not be looked through."))
        self.changed.emit()

    @Slot(str, int, int)
    def _progressed(self, file: str, done: int, of: int) -> None:
        if file in self._looking:
            self._looking[file] = done / max(of, 1)
            self.progressed.emit()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if change.before.tracks != change.after.tracks:
            if self._is_wanted:
                self._look()
            self.changed.emit()
