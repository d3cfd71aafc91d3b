"""Looking for a dancer in a video: its pictures, who was clicked, how far the search is, what came of it."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.film.track import Piece
from svi_studio.domain.poses.search_events import Click, Clicks, PersonBox, SearchProgress, VideoOpened
from svi_studio.jobs.skeleton.pose_search import Finder, Followed, PoseSearch

SAME_MOMENT = 0.02
"""Seconds within which two clicks are in the same picture."""

GUESSED_SECONDS = 4
"""How long a dance is thought to be while nobody knows."""


class SearchState(StrEnum):
    """Where a search stands."""

    OPENING = "opening"
    CHOOSING = "choosing"
    SEARCHING = "searching"
    FOUND = "found"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DanceSearch(QObject):
    """One video. ``start``: the film frame at which the skeleton shall lie; ``replaces``: the piece that it is for.

    ``changed``: anything of it; ``advanced``: another frame was looked through; ``found`` brings the Skeleton;
    ``closed``: it was given up.
    """

    changed = Signal()
    advanced = Signal()
    found = Signal(object)
    closed = Signal()

    def __init__(
        self,
        video: Path,
        start: int | None = None,
        replaces: Piece | None = None,
        parent: QObject | None = None,
        finder: Finder | None = None,
    ) -> None:
        """``finder`` is for tests; None = the program's own."""
        super().__init__(parent)
        self.video, self.start, self.replaces = video, start, replaces
        self.state = SearchState.OPENING
        self.facts: VideoOpened | None = None
        self.seconds = 0.0
        self.image: QImage | None = None
        self.people: tuple[PersonBox, ...] | None = None
        self.clicks: Clicks = ()
        self.note = ""
        self.progress = SearchProgress(0, 0)
        self.problem = ""
        self.finds_people = True
        self._search = PoseSearch(video, self, finder)
        self._search.opened.connect(self._opened)
        self._search.pictured.connect(self._pictured)
        self._search.peopled.connect(self._peopled)
        self._search.progress.connect(self._advance)
        self._search.found.connect(self._found)
        self._search.failed.connect(self._failed)

    @property
    def person(self) -> Click | None:
        """Where the dancer is in the picture that is shown; None where nobody was clicked in it."""
        return next((click for click in self.clicks if abs(click[2] - self.seconds) < SAME_MOMENT), None)

    @property
    def share(self) -> float:
        """How much of the video is looked through, 0 to 1."""
        return self.progress.done / self.progress.total if self.progress.total else 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (SearchState.FOUND, SearchState.CANCELLED)

    def span(self, fps: float, pieces: Sequence[Piece]) -> tuple[int, int]:
        """First film frame and number of frames that it will have among ``pieces``, as far as anybody knows."""
        if self.replaces is not None:
            return self.replaces.start, self.replaces.length
        seconds = self.facts.seconds if self.facts is not None else GUESSED_SECONDS
        start = self.start if self.start is not None else (pieces[-1].stop if pieces else 0)
        return start, max(1, round(seconds * fps))

    def begin(self) -> None:
        """Opens the video."""
        self._search.start()

    def look(self, seconds: float) -> None:
        """Shows the picture at ``seconds``, and who is in it."""
        self.seconds = seconds
        if self.state is SearchState.CHOOSING:
            self._search.look(seconds, people=self.finds_people)

    def choose(self, x: float, y: float) -> None:
        """The dancer is at that point, in pixels of the video, of the picture that is shown.

        Clicks at other moments stay: they say who is meant where people meet.
        """
        others = (click for click in self.clicks if abs(click[2] - self.seconds) >= SAME_MOMENT)
        self.clicks = (*others, (x, y, self.seconds))
        self.changed.emit()

    def forget_clicks(self) -> None:
        """Nobody is chosen any more."""
        self.clicks = ()
        self.changed.emit()

    def search(self) -> None:
        """Begins to follow who was clicked."""
        self.problem = ""
        self.progress = SearchProgress(0, 0)
        self._set(SearchState.SEARCHING)
        self._search.search(self.clicks)

    def try_again(self) -> None:
        """Looks at the picture again: the networks are there now, or the user wants somebody else."""
        self.problem, self.people = "", None
        self._set(SearchState.CHOOSING)
        self.look(self.seconds)

    def cancel(self) -> None:
        """Ends it; nothing is kept."""
        if not self.is_over:
            self._search.close()
            self._set(SearchState.CANCELLED)
            self.closed.emit()

    def close(self) -> bool:
        """Ends the process; returns whether it has ended."""
        return self._search.close()

    def _set(self, state: SearchState) -> None:
        self.state = state
        self.changed.emit()

    @Slot(object)
    def _opened(self, facts: VideoOpened) -> None:
        self.facts = facts
        self._set(SearchState.CHOOSING)
        self.look(0.0)

    @Slot(float, QImage)
    def _pictured(self, _seconds: float, image: QImage) -> None:
        self.image, self.people = image, None
        self.changed.emit()

    @Slot(float, object)
    def _peopled(self, seconds: float, people: tuple[PersonBox, ...]) -> None:
        self.people = people
        if not self.clicks and len(people) == 1:
            left, top, width, height, _ = people[0]
            self.clicks = ((left + width / 2, top + height / 2, seconds),)
        self.changed.emit()

    @Slot(object)
    def _advance(self, progress: SearchProgress) -> None:
        self.progress = progress
        self.advanced.emit()

    @Slot(object)
    def _found(self, followed: Followed) -> None:
        self.note = followed.note
        self._set(SearchState.FOUND)
        self.found.emit(followed.skeleton)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.problem = sentence_of(error)
        self._set(SearchState.FAILED)
