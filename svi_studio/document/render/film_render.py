"""The renderer of one film: its queue follows the film, and what the queue does shows on the clips."""

from collections.abc import Set

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document import words
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.clip_activity import ClipActivity
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome


class FilmRender(QObject):
    """``queue`` and ``service`` of ``film``; ``close`` ends both. The worker starts with the first render.

    ``clips_told`` brings the ids of clips with which the queue does something else now. ``clip_done`` brings the number
    of a clip, from 1; ``film_done`` a title and which clips; ``failed`` a title and a sentence.
    """

    clips_told = Signal(object)
    clip_done = Signal(int)
    film_done = Signal(str, str)
    failed = Signal(str, str)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._told: dict[str, ClipActivity] = {}
        self._made: set[str] = set()  # takes just made, which are not read yet
        self.service = RenderService(self)
        self.turn = film.turn or RenderTurn(self)
        self.turn.memory_wanted.connect(self.service.rest)
        self.queue = RenderQueue(film.path, self.service, self, read_only=film.read_only, turn=self.turn)
        self.queue.memory_plan_of = film.memory.wishes_of
        film.states.settled.connect(self._plan_changed)
        film.document.changed.connect(self._film_edited)
        film.takes.changed.connect(self._remember_pace)
        self.queue.follow(film.document.storyboard)
        self.queue.changed.connect(self._show_all)
        self.queue.clip_changed.connect(self._show_clip)
        self.queue.clip_done.connect(self._clip_done)
        self.queue.film_ended.connect(self._film_ended)
        self.queue.notice.connect(self._tell_notice)

    @property
    def is_busy(self) -> bool:
        """Whether a render is under way, also one that is paused."""
        return self.queue.current is not None

    @property
    def clip_number(self) -> int | None:
        """The clip that is being made, counted from 1; None when none is."""
        clip = self.queue.current_clip
        place = self._film.document.index(clip) if clip else None
        return None if place is None else place + 1

    def close(self, *, go_on: bool = False) -> bool:
        """Keeps the queue, which goes on at the next start only with ``go_on``; ends the worker. Takes 5 s at most."""
        kept = self.queue.close(go_on=go_on)
        ended = self.service.shutdown()
        self.turn.give_back(self.queue)
        return ended and kept

    @Slot()
    def _show_all(self) -> None:
        """Tells the clips what is new in the queue, all at once: there may be thousands."""
        now = dict(self.queue.clip_activity)
        different = {
            clip_id for clip_id in self._told.keys() | now.keys() if self._told.get(clip_id) != now.get(clip_id)
        }
        self._told = now
        self._tell_clips(different)

    @Slot(str)
    def _show_clip(self, clip_id: str) -> None:
        activity = self.queue.clip_activity.get(clip_id)
        if activity is None:
            self._told.pop(clip_id, None)
        else:
            self._told[clip_id] = activity
        self._tell_clips({clip_id})

    @Slot()
    def _remember_pace(self) -> None:
        """Remembers the pace of the takes made just now, so that a new film knows its price."""
        for take_hash in [each for each in self._made if self._film.takes.has(each)]:
            self._made.discard(take_hash)
            take = self._film.takes.get(take_hash)
            if take is not None:
                self._film.paces.remember(take)

    @Slot(object)
    def _film_edited(self, change: StoryboardChange) -> None:
        self.queue.follow(change.after)

    @Slot()
    def _plan_changed(self) -> None:
        """Updates the clips that wait, which may have their take now, or not any more."""
        self._tell_clips({each for each, activity in self._told.items() if activity.state is ClipState.QUEUED})

    def _tell_clips(self, clip_ids: Set[str]) -> None:
        self._film.states.set_activities({clip_id: self._activity(clip_id) for clip_id in clip_ids})
        self.clips_told.emit(clip_ids)

    def _activity(self, clip_id: str) -> ClipActivity | None:
        """What the queue does with the clip; a take that is there is not made again, so its clip waits for nothing.

        A draft is such a take only for drafts: the final take is still to be made, and the bar counts it.
        """
        told = self._told.get(clip_id)
        if told is None or told.state is not ClipState.QUEUED:
            return told
        final = self._film.states.plan_hash(clip_id)
        only_drafts = all(item.request.quality == "draft" for item in self.queue.items if not item.status.is_over)
        is_there = (final is not None and self._film.takes.has(final)) or (
            only_drafts and self._film.states.has_take(clip_id)
        )
        return None if is_there else told

    @Slot(str)
    def _tell_notice(self, sentence: str) -> None:
        """Tells a notice of the worker over the film's window, unless the render bar shows it."""
        if self.queue.current is None:
            self._film.document.refused.emit(sentence)

    @Slot(str, str)
    def _clip_done(self, clip_id: str, take_hash: str) -> None:
        self._made.add(take_hash)
        self._film.takes.add(take_hash)
        place = self._film.document.index(clip_id)
        if place is not None:
            self.clip_done.emit(place + 1)

    @Slot(object)
    def _film_ended(self, end: FilmEnded) -> None:
        item = self.queue.item(end.request_id)
        title = item.request.title if item is not None else self._film.document.storyboard.title
        if end.outcome is Outcome.FAILED:
            self.failed.emit(title, end.sentence)
        elif end.outcome is Outcome.DONE and item is not None:
            request = item.request
            clips = words.clip_span(request.first, request.last, len(request.storyboard.clips))
            self.film_done.emit(title, clips)
