"""Plays the film by itself, once, when its first render has ended and the user is still there to see it."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from svi_studio.document.preference_names import PLAY_WHEN_DONE
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.document.preferences import Preferences
    from svi_studio.document.preview.preview import Preview

TYPING_SECONDS = 5.0  # after an edit that recent the user is at work
_SETTLE_MS = 50  # the takes of the last clip are told to everyone a moment later


class FirstShowing(QObject):
    """Armed when a film without any take begins to render; a preference turns it off.

    It does not play for one who edits, looks at another place or take, plays already, or works in another window.
    """

    def __init__(
        self,
        film: "OpenFilm",
        queue: RenderQueue,
        preview: "Preview",
        preferences: "Preferences",
        *,
        is_in_front: Callable[[], bool],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``is_in_front``: whether the window of the film has the keyboard."""
        super().__init__(preview)
        self._film, self._queue, self._preview = film, queue, preview
        self._preferences, self._is_in_front, self._now = preferences, is_in_front, now
        self._begun_at: int | None = None  # the frame where the playhead stood when the first render began
        self._edited = -TYPING_SECONDS
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._show)
        queue.changed.connect(self._arm)
        queue.film_ended.connect(self._ended)
        film.document.changed.connect(self._note_edit)
        film.playhead.rate_changed.connect(self._disarm)
        film.playhead.moved.connect(self._disarm)

    @property
    def is_armed(self) -> bool:
        """Whether the film plays when the render ends, if nothing comes between."""
        return self._begun_at is not None

    @Slot()
    def _arm(self) -> None:
        film = self._film
        first = film.takes.is_scanned and not any(True for _ in film.takes.all())
        if self._begun_at is None and self._queue.current is not None and first:
            self._begun_at = film.playhead.frame

    @Slot()
    def _disarm(self) -> None:
        """Disarms when the user has gone elsewhere in the film, or plays it already."""
        if (self._begun_at is not None and self._film.playhead.frame != self._begun_at) or self._film.playhead.rate:
            self._begun_at = None

    @Slot()
    def _note_edit(self) -> None:
        self._edited = self._now()

    @Slot(object)
    def _ended(self, end: FilmEnded) -> None:
        if end.outcome is Outcome.DONE and self._begun_at is not None:
            self._soon.start()

    @Slot()
    def _show(self) -> None:
        if self._begun_at is None or self._queue.current is not None or not self._is_whole():
            return  # more of the film is still to come
        self._begun_at = None
        if self._preferences.flag(PLAY_WHEN_DONE, default=True) and not self._is_elsewhere():
            self._film.playhead.set_frame(0)
            self._film.playhead.set_rate(1.0)

    def _is_whole(self) -> bool:
        states, clips = self._film.states, self._film.document.storyboard.clips
        return bool(clips) and all(states.state(clip.id).state is ClipState.DONE for clip in clips)

    def _is_elsewhere(self) -> bool:
        typing = self._now() - self._edited < TYPING_SECONDS
        return typing or self._preview.view.clip_id is not None or not self._is_in_front()
