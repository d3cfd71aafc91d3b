"""Shows what motion amplitude does before a render: one clip as a draft, with its motion as it is and widened."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.draft_film import draft_of, draft_portions
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.offer import cost_of
from svi_studio.domain.editing.edits import change_clip
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.cost import RenderCost
from svi_studio.domain.render.plan import still_needed
from svi_studio.domain.render.planner import FilmPlanner, take_fits
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.value import with_fields
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

AS_IT_IS = 1.0


class MotionTrial(QObject):
    """One trial at a time. ``ready`` brings the two takes, as it is first; ``refused`` why there is none.

    ``changed``: it began, went on or ended. ``asked``: what the drafts cost that it began with.
    """

    ready = Signal(str, str)
    refused = Signal(str)
    changed = Signal()

    def __init__(self, film: OpenFilm, queue: "RenderQueue", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film, self._queue = film, queue
        self._wanted: tuple[str, ...] = ()
        self._requests: list[str] = []
        self.clip_id: str | None = None
        self.amplitude = AS_IT_IS
        self.asked: RenderCost | None = None
        film.takes.changed.connect(self._look)
        queue.film_ended.connect(self._ended)

    @property
    def is_running(self) -> bool:
        """Whether drafts are being made for it."""
        return bool(self._wanted)

    def cost(self, clip_id: str, amplitude: float) -> RenderCost | None:
        """What the drafts that are missing cost, those before the clip too; None when they cannot be made."""
        try:
            chains = [self._chain(clip_id, each) for each in (AS_IT_IS, amplitude)]
        except StudioError:
            return None
        has = self._film.takes.has
        jobs = (job for chain in chains for job in still_needed(chain, chain[-1].index, has))
        missing = {job.take_hash: job for job in jobs if not has(job.take_hash)}
        return cost_of(missing.values(), self._film)

    def start(self, clip_id: str, amplitude: float) -> bool:
        """Makes the drafts that are missing; returns whether it began. Drafts that are there are shown at once."""
        try:
            takes = tuple(self._chain(clip_id, each)[-1].take_hash for each in (AS_IT_IS, amplitude))
            boards = [self._board(clip_id, each) for each in (AS_IT_IS, amplitude)]
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        self.stop()
        self.clip_id, self.amplitude, self._wanted = clip_id, amplitude, takes
        self.asked = self.cost(clip_id, amplitude)
        for take, board in zip(takes, boards, strict=True):
            if not self._film.takes.has(take):
                self._ask(board, clip_id)
        self.changed.emit()
        self._look()
        return True

    @Slot()
    def stop(self) -> None:
        """Gives the trial up; what is made of it stays among the clip's takes."""
        requests, self._requests, self._wanted = self._requests, [], ()
        for request in requests:
            if self._queue.item(request) is not None:
                self._queue.remove(request)
        if requests:
            self.changed.emit()

    def _board(self, clip_id: str, amplitude: float) -> Storyboard:
        """The film with the clip's motion widened so; a locked clip can be tried on too."""
        place = self._film.document.index(clip_id)
        board = self._film.document.storyboard
        if place is None:
            return board
        clip = with_fields(board.clips[place], {"locked": False, "take": None})
        free = with_fields(board, {"clips": (*board.clips[:place], clip, *board.clips[place + 1 :])})
        return change_clip(free, clip_id, motion_amplitude=amplitude)

    def _chain(self, clip_id: str, amplitude: float) -> list[ClipJob]:
        """The draft's jobs of the clip and of those before it in its chain. Raises BadInput when one cannot be made."""
        facts = self._film.states.facts
        place = self._film.document.index(clip_id)
        if facts is None or place is None:
            raise _not_yet(self)
        board = self._board(clip_id, amplitude)
        start = board.chain_start(place)
        clips = tuple(clip for portion in draft_portions(board, facts.facts) for clip in portion)
        draft, draft_facts = draft_of(board, facts.facts, clips)
        planner = FilmPlanner(draft, draft_facts, lambda take: self._is_kept(take, draft, draft_facts.size))
        jobs: list[ClipJob] = []
        for index in range(start, place + 1):
            jobs.append(planner.job(index, jobs[-1] if jobs else None))
        return jobs

    def _is_kept(self, take_hash: str, draft: Storyboard, size: tuple[int, int]) -> bool:
        take, facts = self._film.takes.get(take_hash), self._film.states.facts
        return take is not None and facts is not None and take_fits(take, draft, replace(facts.facts, size=size))

    def _ask(self, board: Storyboard, clip_id: str) -> None:
        place = next(index for index, clip in enumerate(board.clips) if clip.id == clip_id)
        request = RenderRequest(
            id=uuid4().hex,
            title=self.tr("Compare motion"),
            storyboard=board,
            first=place,
            last=place,
            quality="draft",
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            is_trial=True,
        )
        self._requests.append(request.id)
        self._queue.add(request)

    @Slot()
    def _look(self, _clip_ids: object = None) -> None:
        """Shows the two as soon as both are there."""
        if len(self._wanted) == 2 and all(map(self._film.takes.has, self._wanted)):
            first, second = self._wanted
            self._finish()
            self.ready.emit(first, second)

    @Slot(object)
    def _ended(self, end: FilmEnded) -> None:
        if end.request_id not in self._requests:
            return
        if end.outcome is not Outcome.DONE:
            self._finish()
            if end.outcome is Outcome.FAILED:
                self.refused.emit(end.sentence)

    def _finish(self) -> None:
        requests, self._requests, self._wanted = self._requests, [], ()
        for request in requests:
            item = self._queue.item(request)
            if item is not None:
                self._queue.remove(request)
        self.changed.emit()


def _not_yet(owner: QObject) -> StudioError:
    return StudioError(owner.tr("The film's model is still being read: try again in a moment."))
