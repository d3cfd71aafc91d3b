"""How every clip of the film stands: which take its settings give, whether that is there, and what it waits for."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.states.clip_view import ClipView
from svi_studio.document.states.facts_needed import needs_facts, with_lost_pictures
from svi_studio.document.states.planning import Planning
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.film.quality import Quality
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.takes.job import ClipJob
from svi_studio.jobs.film.facts_reader import FactsReader
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import PreparedFacts

_STANDING: Final = frozenset({ClipState.DONE, ClipState.EMPTY, ClipState.STALE})


class ClipStates(QObject):
    """Knows each clip's plan (see ``Planning``), its takes, and what the render queue does with it.

    ``facts``: the film's model, LoRAs and pictures, None until they are read; ``problem``: why they could not be.
    ``is_reading``: they are read now, or once more after an edit, and what was missing may not be so any more.
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
        self.is_reading = False
        self._document = document
        self._takes = takes
        self._reader = reader
        self._planning = Planning(document, takes, self)
        self._plans = self._planning.plans
        self._activity: dict[str, tuple[ClipState, float, str]] = {}
        self._planning.planned.connect(self.changed)
        self._planning.settled.connect(self.settled)
        document.changed.connect(self._edited)
        takes.changed.connect(self._takes_changed)
        takes.scanned.connect(self._takes_scanned)
        reader.facts.connect(self._facts_found)
        reader.problem.connect(self._facts_failed)

    @property
    def planning(self) -> bool:
        """Whether clips further on may still look as before the last edit, for some milliseconds."""
        return self._planning.is_busy

    def read_facts(self) -> None:
        """Reads model, LoRAs and pictures, again when files changed on the disk."""
        folder = self._document.folder
        self.is_reading = True
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
        plan = self._plans["final"]
        job = plan.jobs.get(clip_id)
        return plan.refusals.get(clip_id, "") if job is None else self._lost_file(job)

    def stale_jobs(self, first: int = 0, last: int | None = None, quality: Quality = "final") -> tuple[ClipJob, ...]:
        """What a render of the clips ``first`` to ``last`` (from 0, both inclusive, None = the last one) makes.

        Includes clips before ``first`` that the chain continues from and that have no take either. Plans what is not
        planned yet at once.
        """
        if quality == "draft":
            self._planning.want_drafts()
        self.settle()
        board, jobs = self._document.storyboard, self._plans[quality].jobs
        stop = len(board.clips) if last is None else last + 1
        start = board.chain_start(first) if first < len(board.clips) else first
        wanted = (jobs.get(clip.id) for clip in board.clips[start:stop])
        missing = (job for job in wanted if job is not None and not self._takes.has(job.take_hash))
        return tuple(job for job in missing if not self._lost_file(job))

    def want_drafts(self, wanted: bool = True) -> None:
        """Plans drafts too, so that their takes count; costs as much again as the final film."""
        if wanted:
            self._planning.want_drafts()

    def settle(self) -> None:
        """Plans everything now; takes up to a tenth of a second for very long films."""
        self._planning.settle()

    def close(self) -> None:
        """Plans nothing any more: the film is being closed."""
        self._planning.stop()

    def set_activity(self, clip_id: str, state: ClipState | None, progress: float = 0.0, message: str = "") -> None:
        """What the render queue does with the clip: queued, rendering, failed; None = nothing, or not any more."""
        self.set_activities({clip_id: None if state is None else (state, progress, message)})

    def set_activities(self, activities: Mapping[str, tuple[ClipState, float, str] | None]) -> None:
        """``set_activity`` of many clips, told to everyone at once."""
        different = set()
        for clip_id, activity in activities.items():
            told = None if activity is None or activity[0] in _STANDING else (activity[0], activity[1], activity[2])
            if self._activity.get(clip_id) != told:
                different.add(clip_id)
            if told is None:
                self._activity.pop(clip_id, None)
            else:
                self._activity[clip_id] = told
        if different:
            self.changed.emit(frozenset(different))

    def _current(self, clip_id: str) -> tuple[str | None, bool]:
        """The take of these settings that is there, and whether it is a draft."""
        for quality in ("final", "draft"):
            job = self._plans[quality].jobs.get(clip_id)
            if job is not None and self._takes.has(job.take_hash):
                return job.take_hash, quality == "draft"
        return None, False

    def _lost_file(self, job: ClipJob) -> str:
        """Why a picture or another file that the clip is made from cannot be read; empty when they can."""
        problems = {} if self._planning.facts is None else self._planning.facts.media_problems
        return next((problems[file] for file in job.files if file in problems), "")

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
        if needs_facts(change, self._planning.facts):
            self.read_facts()
        # the first clip may give others its words, and any clip moves those behind it along the tracks
        reaches_all = change.film or change.order or change.first == 0 or change.after.needed_tracks
        self._planning.restart(0 if change.film else change.first, None if reaches_all else change.stop)

    @Slot(object)
    def _takes_changed(self, clip_ids: frozenset[str]) -> None:
        if not self._takes.is_scanned:
            self.changed.emit(clip_ids)
            return
        first = self._planning.first_repinned()
        if first is not None:
            self._planning.restart(first)
        self._planning.notice_drafts()
        self.changed.emit(clip_ids | self._sharing(clip_ids))

    @Slot()
    def _takes_scanned(self) -> None:
        if self.facts is not None:
            self._planning.facts = with_lost_pictures(self.facts.facts, self._takes.all())
        self._planning.restart(0)
        self.changed.emit(None)

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
        self.facts, self.problem, self.is_reading = facts, None, False
        self._planning.facts = with_lost_pictures(facts.facts, self._takes.all())
        self._planning.restart(0)
        self.facts_changed.emit()

    @Slot(str)
    def _facts_failed(self, sentence: str) -> None:
        self.facts, self.problem, self.is_reading = None, sentence, False
        self._planning.clear()
        self.changed.emit(None)
        self.facts_changed.emit()
