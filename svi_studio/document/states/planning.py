"""Plans an open film again after each edit, from the first clip that changed, in slices that nobody feels."""

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.film.draft_film import draft_of, draft_portions
from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.film_plan import FilmPlan
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.film.quality import Quality
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner, take_fits

SLICE_SECONDS = 0.003


class Planning(QObject):
    """The final film's plan, and the draft's when drafts are wanted; ``facts`` None = nothing can be planned.

    Signals: ``planned`` with the ids of clips (frozenset) that have another job now; ``settled`` at the end.
    """

    planned = Signal(object)
    settled = Signal()

    def __init__(self, document: FilmDocument, takes: TakeIndex, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.facts: FilmFacts | None = None
        self.plans: dict[Quality, FilmPlan] = {"final": FilmPlan(), "draft": FilmPlan()}
        self.drafts_wanted = False
        self._document = document
        self._takes = takes
        self._pinned: set[str] = set()
        self._steps: Iterator[str | None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    @property
    def is_busy(self) -> bool:
        """Whether clips further on may still have the job from before the last edit, for some milliseconds."""
        return self._steps is not None

    def restart(self, first: int, stop: int | None = None) -> None:
        """Plans again from the clip at ``first``, or from an earlier one that an edit before did not reach yet.

        ``stop``: the first clip behind the edit, when it left the places of the clips as they were; None = unknown.
        """
        if self.facts is None:
            return
        plan = self.plans["final"]
        all_known = plan.next >= len(self._document.storyboard.clips)
        plan.next = min(first, plan.next)
        self._steps = self._planned(plan.next, stop if all_known else None, self.facts)
        self._timer.start()

    def clear(self) -> None:
        """Forgets the plan: the model is not known any more."""
        self.facts = None
        for plan in self.plans.values():
            plan.clear()
        self.stop()

    def stop(self) -> None:
        """Plans nothing any more."""
        self._steps = None
        self._timer.stop()

    def settle(self) -> None:
        """Plans everything now."""
        self._work(None)

    def want_drafts(self) -> None:
        """Plans drafts too from now on."""
        if not self.drafts_wanted:
            self.drafts_wanted = True
            self.restart(self.plans["final"].next)

    def notice_drafts(self) -> None:
        """Plans drafts as soon as there can be one: a take of fewer steps or pixels than the film asks for."""
        steps, pixels = self._takes.fewest_steps, self._takes.fewest_pixels
        if self.drafts_wanted or steps is None or pixels is None or self.is_busy:
            return
        jobs = self.plans["final"].jobs.values()
        if any(job.num_inference_steps > steps or job.width * job.height > pixels for job in jobs):
            self.want_drafts()

    def first_repinned(self) -> int | None:
        """The first clip that keeps a take which came or went since it was planned."""
        if self.facts is None:
            return None
        board = self._document.storyboard
        kept = self._kept(board, self.facts)
        pinned = ((place, clip) for place, clip in enumerate(board.clips) if clip.take is not None)
        return next((k for k, clip in pinned if kept(clip.take or "") != (clip.id in self._pinned)), None)

    def _planned(self, first: int, stop: int | None, facts: FilmFacts) -> Iterator[str | None]:
        board = self._document.storyboard
        yield from self._attached("final", FilmPlanner(board, facts, self._kept(board, facts)), first, stop)
        if not self.drafts_wanted:
            return
        clips: list[Clip] = []
        for portion in draft_portions(board, facts):
            clips += portion
            yield None
        draft, draft_facts = draft_of(board, facts, tuple(clips))
        yield from self._attached("draft", FilmPlanner(draft, draft_facts, self._kept(draft, draft_facts)), 0)

    def _attached(
        self, quality: Quality, planner: FilmPlanner, first: int, stop: int | None = None
    ) -> Iterator[str | None]:
        """Runs the steps of one plan; a take that a clip's settings give is attached to the clip."""
        plan = self.plans[quality]
        for news in plan.steps(planner, first, stop):
            clip = planner.storyboard.clips[plan.next]
            job = plan.jobs.get(clip.id)
            if quality == "final":
                (self._pinned.add if job is not None and job.kept else self._pinned.discard)(clip.id)
            if job is not None and self._takes.has(job.take_hash):
                self._takes.attach(clip.id, job.take_hash)
            yield news

    def _kept(self, board: Storyboard, facts: FilmFacts) -> Callable[[str], bool]:
        def kept(take_hash: str) -> bool:
            take = self._takes.get(take_hash)
            return take is not None and take_fits(take, board, facts)

        return kept

    @Slot()
    def _slice(self) -> None:
        self._work(perf_counter() + SLICE_SECONDS)

    def _work(self, until: float | None) -> None:
        """Plans clips until that moment, None = until the end; tells what changed."""
        news: set[str] = set()
        while (steps := self._steps) is not None:
            clip_id = next(steps, "")
            if clip_id == "":
                self._steps = None
            elif clip_id is not None:
                news.add(clip_id)
            if until is not None and perf_counter() > until:
                break
        if news:
            self.planned.emit(frozenset(news))
        if not self.is_busy and self._timer.isActive():
            self._timer.stop()
            self.notice_drafts()
            if not self.is_busy:
                self.settled.emit()
