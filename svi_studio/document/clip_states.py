"""How every clip of the film stands: which take its settings give, whether that is there, and what it waits for."""

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.clip_view import ClipView
from svi_studio.document.draft_film import draft_of, draft_portions
from svi_studio.document.film_document import FilmDocument
from svi_studio.document.film_plan import FilmPlan
from svi_studio.document.storyboard_change import StoryboardChange
from svi_studio.document.take_index import TakeIndex
from svi_studio.domain.clip_state import ClipState
from svi_studio.domain.cost import RenderCost, render_cost
from svi_studio.domain.job import ClipJob
from svi_studio.domain.planner import FilmFacts, FilmPlanner, take_fits
from svi_studio.domain.quality import Quality
from svi_studio.domain.storyboard import Clip, Storyboard
from svi_studio.jobs.facts_reader import FactsReader
from svi_studio.project.film_source import FilmSource
from svi_studio.project.prepare import PreparedFacts

SLICE_SECONDS = 0.003
_FACTS = ("model", "family", "loras", "width", "height", "num_frames", "reference_image")


class ClipStates(QObject):
    """Plans the film again after each edit, from the first clip that changed, in slices that the window does not feel.

    ``facts``: the film's model, LoRAs and pictures, None until they are read; ``problem``: why they could not be.
    Signals: ``changed`` with the ids of the clips (frozenset) that look different, None = all; ``facts_changed``;
    ``settled`` when everything is planned.
    """

    changed = Signal(object)
    facts_changed = Signal()
    settled = Signal()

    def __init__(
        self, document: FilmDocument, takes: TakeIndex, reader: FactsReader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.facts: PreparedFacts | None = None
        self.problem: str | None = None
        self._document = document
        self._takes = takes
        self._reader = reader
        self._plans: dict[Quality, FilmPlan] = {"final": FilmPlan(), "draft": FilmPlan()}
        self._drafts_wanted = False
        self._activity: dict[str, tuple[ClipState, float, str]] = {}
        self._pinned: set[str] = set()
        self._steps: Iterator[str | None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        document.changed.connect(self._edited)
        takes.changed.connect(self._takes_changed)
        reader.facts.connect(self._facts_found)
        reader.problem.connect(self._facts_failed)

    @property
    def planning(self) -> bool:
        """Whether clips further on may still look as before the last edit, for some milliseconds."""
        return self._steps is not None

    def read_facts(self) -> None:
        """Read model, LoRAs and pictures, again when files changed on the disk."""
        folder = self._document.folder
        self._reader.read(FilmSource(self._document.storyboard, folder, folder, is_bare=False))

    def state(self, clip_id: str) -> ClipView:
        """What the clip's card shows."""
        clip = self._document.clip(clip_id)
        if clip is None:
            return ClipView()
        take, is_draft = self._current(clip_id)
        kept = clip.take is not None and take == clip.take and not is_draft
        shown = take or self._takes.newest_of_clip(clip_id)
        state, progress, message = self._activity.get(clip_id) or self._standing(clip_id, take, shown)
        return ClipView(state, progress, shown, is_draft, kept, clip.locked, message, take is not None)

    def has_take(self, clip_id: str) -> bool:
        """Whether the take of the clip's settings, or a draft of it, is there."""
        return self._current(clip_id)[0] is not None

    def plan_hash(self, clip_id: str) -> str | None:
        """Hash of the take that the clip's settings give in final quality; None when that is not known."""
        job = self._plans["final"].jobs.get(clip_id)
        return job.take_hash if job else None

    def job(self, clip_id: str, quality: Quality = "final") -> ClipJob | None:
        """What would be rendered for the clip; None when it cannot be, or is not planned yet."""
        return self._plans[quality].jobs.get(clip_id)

    def refusal(self, clip_id: str) -> str:
        """Why the clip cannot be rendered, in one sentence; empty when it can."""
        return self._plans["final"].refusals.get(clip_id, "")

    def stale_jobs(self, first: int = 0, last: int | None = None, quality: Quality = "final") -> tuple[ClipJob, ...]:
        """What a render of the clips ``first`` to ``last`` (from 0, both inclusive, None = the last one) makes.

        Includes clips before ``first`` that the chain continues from and that have no take either. Plans what is not
        planned yet at once.
        """
        self.want_drafts(quality == "draft" or self._drafts_wanted)
        self.settle()
        board, jobs = self._document.storyboard, self._plans[quality].jobs
        stop = len(board.clips) if last is None else last + 1
        while 0 < first < len(board.clips) and not board.starts_chain(first):
            first -= 1
        wanted = (jobs.get(clip.id) for clip in board.clips[first:stop])
        return tuple(job for job in wanted if job is not None and not self._takes.has(job.take_hash))

    def cost(self, first: int = 0, last: int | None = None, quality: Quality = "final") -> RenderCost:
        """How many clips a render makes, and how long and how large that is as far as it can be told."""
        return render_cost(self.stale_jobs(first, last, quality), self._takes.all())

    def want_drafts(self, wanted: bool) -> None:
        """Plan drafts too, so that their takes count; costs as much again as the final film."""
        if wanted and not self._drafts_wanted:
            self._drafts_wanted = True
            self._restart(self._plans["final"].next)

    def settle(self) -> None:
        """Plan everything now; takes up to a tenth of a second for very long films."""
        self._work(None)

    def close(self) -> None:
        """Plan nothing any more: the film is being closed."""
        self._steps = None
        self._timer.stop()

    def set_activity(self, clip_id: str, state: ClipState | None, progress: float = 0.0, message: str = "") -> None:
        """What the render queue does with the clip: queued, rendering, failed; None = nothing, or not any more."""
        if state is None or state in {ClipState.DONE, ClipState.EMPTY, ClipState.STALE}:
            known = self._activity.pop(clip_id, None) is not None
        else:
            known = self._activity.get(clip_id) != (state, progress, message)
            self._activity[clip_id] = (state, progress, message)
        if known:
            self.changed.emit(frozenset({clip_id}))

    def clear_activity(self) -> None:
        """The queue is empty: no clip waits for anything."""
        for clip_id in tuple(self._activity):
            self.set_activity(clip_id, None)

    def _current(self, clip_id: str) -> tuple[str | None, bool]:
        """The take of these settings that is there, and whether it is a draft."""
        for quality in ("final", "draft"):
            job = self._plans[quality].jobs.get(clip_id)
            if job is not None and self._takes.has(job.take_hash):
                return job.take_hash, quality == "draft"
        return None, False

    def _standing(self, clip_id: str, take: str | None, shown: str | None) -> tuple[ClipState, float, str]:
        if take is not None:
            return ClipState.DONE, 0.0, ""
        known = self.facts is not None or self.problem is not None
        if shown is not None and not known:
            return ClipState.DONE, 0.0, ""  # for the moment until the model is read; most takes are what they were
        return ClipState.EMPTY if shown is None else ClipState.STALE, 0.0, self.refusal(clip_id)

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        for clip_id in change.clip_ids & self._activity.keys():
            if self._activity[clip_id][0] == ClipState.FAILED:
                del self._activity[clip_id]  # what failed is not what the clip is now
        for plan in self._plans.values():
            plan.forget_all_but(change.after)
        if self._needs_facts(change):
            self.read_facts()
        self._restart(0 if change.film else change.first)

    def _needs_facts(self, change: StoryboardChange) -> bool:
        """Whether another model, LoRA or picture, or another size, came into the film."""
        before, after = change.before, change.after
        if any(getattr(before, name) != getattr(after, name) for name in _FACTS):
            return True
        if not (change.order or _pictures_may_differ(change)):
            return False
        images = after.images()
        known = set[str]() if self.facts is None else {*self.facts.facts.image_hashes, *self.facts.facts.image_problems}
        return not known.issuperset(images) or _first_image(before) != _first_image(after)  # which may decide the size

    @Slot(object)
    def _takes_changed(self, clip_ids: frozenset[str]) -> None:
        first = self._first_repinned()
        if first is not None:
            self._restart(first)
        self.changed.emit(clip_ids | self._sharing(clip_ids))

    def _first_repinned(self) -> int | None:
        """The first clip that keeps a take which came or went since it was planned."""
        if self.facts is None:
            return None
        board = self._document.storyboard
        kept = self._kept(board, self.facts.facts)
        pinned = ((place, clip) for place, clip in enumerate(board.clips) if clip.take is not None)
        return next((k for k, clip in pinned if kept(clip.take or "") != (clip.id in self._pinned)), None)

    def _sharing(self, clip_ids: frozenset[str]) -> frozenset[str]:
        """Other clips with the same current take as one of these, for example copies of it."""
        hashes = {take for clip_id in clip_ids if (take := self._current(clip_id)[0])}
        if not hashes:
            return frozenset()
        sharing = set()
        for plan in self._plans.values():
            for clip_id, job in plan.jobs.items():
                if job.take_hash in hashes and self._takes.attach(clip_id, job.take_hash):
                    sharing.add(clip_id)
        return frozenset(sharing)

    @Slot(object)
    def _facts_found(self, facts: PreparedFacts) -> None:
        self.facts, self.problem = facts, None
        self._restart(0)
        self.facts_changed.emit()

    @Slot(str)
    def _facts_failed(self, sentence: str) -> None:
        self.facts, self.problem = None, sentence
        for plan in self._plans.values():
            plan.clear()
        self._steps = None
        self._timer.stop()
        self.changed.emit(None)
        self.facts_changed.emit()

    def _restart(self, first: int) -> None:
        """Plan again from the clip at ``first``, or from an earlier one that an edit before did not reach yet."""
        if self.facts is None:
            return
        plan = self._plans["final"]
        plan.next = min(first, plan.next)
        self._steps = self._planned(plan.next, self.facts.facts)
        self._timer.start()

    def _planned(self, first: int, facts: FilmFacts) -> Iterator[str | None]:
        board = self._document.storyboard
        yield from self._attached("final", FilmPlanner(board, facts, self._kept(board, facts)), first)
        if not self._drafts_wanted:
            return
        clips: list[Clip] = []
        for portion in draft_portions(board, facts):
            clips += portion
            yield None
        draft, draft_facts = draft_of(board, facts, tuple(clips))
        yield from self._attached("draft", FilmPlanner(draft, draft_facts, self._kept(draft, draft_facts)), 0)

    def _attached(self, quality: Quality, planner: FilmPlanner, first: int) -> Iterator[str | None]:
        """The steps of one plan; what each clip's settings give is one of its takes."""
        plan = self._plans[quality]
        clips = planner.storyboard.clips
        for clip, news in zip(clips[first:], plan.steps(planner, first), strict=True):
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
        """Plan clips until that moment, None = until the end; tell what changed."""
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
            self.changed.emit(frozenset(news))
        if self._steps is None and self._timer.isActive():
            self._timer.stop()
            self.settled.emit()


def _pictures_may_differ(change: StoryboardChange) -> bool:
    pairs = zip(change.before.clips[change.first :], change.after.clips[change.first :], strict=False)
    return any(old is not new and (old.image, old.cut) != (new.image, new.cut) for old, new in pairs)


def _first_image(storyboard: Storyboard) -> str | None:
    return storyboard.chain_image(0) if storyboard.clips else None
