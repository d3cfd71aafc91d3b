"""How the open film's model fits into this computer's memory, found out in a thread, and what the user wishes of it."""

import json
from heapq import nlargest
from operator import attrgetter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.preferences import Preferences
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.pace_memory import PaceMemory
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.errors import BadInput
from svi_studio.domain.render.cost import render_cost
from svi_studio.domain.render.fitting import Fitting
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes, parse_wishes, wishes_text
from svi_studio.domain.takes.job import ClipJob
from svi_studio.jobs.hardware import hardware_without_us
from svi_studio.jobs.threads.background import Background
from svi_studio.weights.fitting import fit_film

_NAME = "memory_plans"
_MOST = 100  # models whose wishes are kept
_PAUSE_MS = 200  # edits come in bursts
_TAKES = 20  # newest: more make no better estimate
_CLIPS = 100  # that are looked at for LoRAs of their own


class FilmPace:
    """How long a clip takes, by takes of the film or those of others."""

    def __init__(self, takes: TakeIndex, paces: PaceMemory) -> None:
        self.takes, self._paces = takes, paces

    def seconds(self, job: ClipJob) -> float | None:
        """Of one clip like ``job``; None when nothing tells."""
        newest = nlargest(_TAKES, self.takes.all(), key=attrgetter("created_at"))
        return render_cost([job], newest, self._paces.paces).seconds


class MemoryFit(QObject):
    """``fitting`` of the film as it is now, None while it is not known; ``changed`` when it is another one.

    What the user wishes of a model's memory plan is kept with the preferences, by the model's name.
    """

    changed = Signal()

    def __init__(
        self,
        document: FilmDocument,
        states: ClipStates,
        pace: FilmPace,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.fitting: Fitting | None = None
        self._document, self._states, self._pace = document, states, pace
        self._work = Background("memory fit", self)  # of its own: a driver that hangs must not hold up the film's work
        self._preferences: Preferences | None = None
        self._wishes: dict[str, str] = {}
        self._asked: object = None
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        states.settled.connect(self._soon.start)
        states.facts_changed.connect(self._soon.start)
        pace.takes.changed.connect(self._soon.start)

    @property
    def worth_telling(self) -> Fitting | None:
        """``fitting`` where people may wonder whether the model fits; None for one that any computer holds."""
        return None if self.fitting is None or self.fitting.is_small else self.fitting

    @property
    def wishes(self) -> PlanWishes:
        """What the user wishes for the film's model."""
        return _read(self.wishes_of(self._document.storyboard.model))

    def wishes_of(self, model: str) -> str:
        """What the user wishes for the model of that name, as ``parse_wishes`` reads it."""
        return self._wishes.get(model, "auto")

    def wish(self, wishes: PlanWishes) -> None:
        """Keeps what the user wishes for the film's model; it counts from the next render on."""
        model = self._document.storyboard.model
        others = {name: text for name, text in self._wishes.items() if name != model}
        new = {} if wishes == NO_WISHES else {model: wishes_text(wishes)}
        self._wishes = dict([*new.items(), *others.items()][:_MOST])
        if self._preferences is not None:
            self._preferences.set_text(_NAME, json.dumps(self._wishes))
        self._look()

    def keep_in(self, preferences: Preferences) -> None:
        """Takes the wishes that ``preferences`` hold, and keeps there what comes; what cannot be read is nothing."""
        self._preferences = preferences
        try:
            kept = json.loads(preferences.text(_NAME) or "{}")
        except ValueError:
            kept = {}
        items = kept.items() if isinstance(kept, dict) else ()
        self._wishes = {name: text for name, text in items if isinstance(text, str) and _read(text) != NO_WISHES}

    def look_again(self) -> None:
        """Asks anew, as this computer's memory may have changed."""
        self._asked = None
        self._look()

    def close(self) -> bool:
        """Ends its thread; returns whether it has ended."""
        self._soon.stop()
        return self._work.close()

    @Slot()
    def _look(self) -> None:
        """Asks anew when anything that decides is different."""
        facts, jobs = self._states.facts, self._jobs()
        if facts is None or not jobs:
            return
        seconds, wishes = self._pace.seconds(jobs[0]), self.wishes
        asked = (facts.model, jobs[0].model_hash, {_what_decides(job) for job in jobs}, wishes, _rounded(seconds))
        if asked == self._asked:
            return
        self._asked = asked
        model, files, folder = facts.model, facts.lora_files, self._document.folder

        def fit() -> Fitting:
            return fit_film(model, jobs, files, hardware_without_us(folder), wishes=wishes, seconds=seconds)

        self._work.submit(fit, lambda fitting: self._found(asked, fitting), lambda _error: self._found(asked, None))

    def _jobs(self) -> tuple[ClipJob, ...]:
        """One clip for each set of LoRAs among the first: they are all of one size."""
        jobs = (self._states.job(clip.id) for clip in self._document.storyboard.clips[:_CLIPS])
        return tuple({_what_decides(job): job for job in jobs if job is not None}.values())

    def _found(self, asked: object, fitting: Fitting | None) -> None:
        if asked == self._asked and fitting != self.fitting:
            self.fitting = fitting
            self.changed.emit()


def _what_decides(job: ClipJob) -> object:
    calls = (job.num_inference_steps, job.guidance_scale, job.guidance_scale_low)
    return job.width, job.height, job.num_frames, calls, job.loras


def _rounded(seconds: float | None) -> object:
    """A new take changes the pace a little each time, which changes no words."""
    return None if seconds is None else f"{seconds:.2g}"


def _read(text: str) -> PlanWishes:
    try:
        return parse_wishes(text)
    except BadInput:
        return NO_WISHES
