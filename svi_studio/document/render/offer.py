"""What a press of the render button would do: which clips, which of them again, the cost, and what is in the way."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from heapq import nlargest
from operator import attrgetter

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.quality import Quality
from svi_studio.domain.render.cost import RenderCost, render_cost
from svi_studio.domain.render.planner import unfollowed
from svi_studio.domain.takes.job import ClipJob

Span = tuple[int, int]
_NOTHING = RenderCost(0, 0.0, 0)
_AT_ONCE = 100  # clips in a step: well under a millisecond
_TAKES = 200


class WayOut(Enum):
    """What the user can do next instead of rendering."""

    NOTHING = auto()
    WAIT = auto()
    GO_TO_CLIP = auto()
    FIND_PICTURES = auto()
    SEE_MODELS = auto()
    INSERT_CLIP = auto()
    EXPORT = auto()
    READY_MADE = auto()
    OTHER_MODEL = auto()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why clips cannot be rendered, in one sentence, and the way out; ``clip`` is the id of the one it is about."""

    sentence: str
    way_out: WayOut = WayOut.NOTHING
    clip: str = ""


@dataclass(frozen=True, slots=True)
class Busy:
    """What is asked for already: takes by their hash, and clips whose takes are not known by hash any more."""

    hashes: frozenset[str] = frozenset()
    clips: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RenderOffer:
    """The clips that a render makes (``jobs``), as stretches of the film that are asked for one by one (``spans``).

    ``again`` are the indexes of clips that have a take already, of other settings, and no draft of the present ones.
    ``total`` clips has the film.
    """

    total: int
    jobs: tuple[ClipJob, ...] = ()
    spans: tuple[Span, ...] = ()
    again: tuple[int, ...] = ()
    cost: RenderCost = _NOTHING
    obstacle: Obstacle | None = None

    @property
    def clips(self) -> int:
        """How many clips are made."""
        return len(self.jobs)

    @property
    def indexes(self) -> tuple[int, ...]:
        """Which clips are made, from 0."""
        return tuple(job.index for job in self.jobs)


class OfferMaker:
    """Works out one offer in small steps: a film of thousands of clips must not hold up the window.

    ``spans`` are the clips that are meant (first and last, both inclusive), ``busy`` what waits in the queue already.
    """

    def __init__(self, film: OpenFilm, spans: Sequence[Span], quality: Quality, busy: Busy) -> None:
        self.offer = RenderOffer(len(film.document.storyboard.clips))
        self._film, self._spans, self._quality, self._busy = film, tuple(spans), quality, busy
        self._board = film.document.storyboard  # as it was at the first step: it may be edited meanwhile
        self._clips = self._board.clips
        facts = film.states.facts
        self._lost = facts.facts.media_problems if facts is not None else {}
        self._obstacle = _obstacle_of_film(film)
        self._jobs: dict[int, ClipJob] = {}
        self._again: list[int] = []

    def steps(self) -> Iterator[None]:
        """Yields after every few clips; ``offer`` is complete when it ends."""
        if self._film.states.facts is None or not self._clips:
            self.offer = replace(self.offer, obstacle=self._obstacle)
            return
        self._film.states.want_drafts(self._quality == "draft")
        if self._quality == "draft" and not (yield from self._is_something_missing()):
            self.offer = replace(self.offer, obstacle=self._obstacle)
            return
        for span in self._spans:
            yield from self._look_at(span)
        jobs = tuple(self._jobs[index] for index in sorted(self._jobs))
        yield
        self.offer = RenderOffer(
            total=len(self._clips),
            jobs=jobs,
            spans=joined(jobs, len(self._clips), self._is_fine),
            again=tuple(sorted(self._again)),
            cost=cost_of(jobs, self._film),
            obstacle=self._obstacle,
        )

    def _look_at(self, span: Span) -> Iterator[None]:
        """Collects what is missing of one stretch, and of the chain before it."""
        states, takes = self._film.states, self._film.takes
        for number, index in enumerate(range(self._film.document.storyboard.chain_start(span[0]), span[1] + 1)):
            clip = self._clips[index]
            job = states.job(clip.id, self._quality)
            if job is None or any(file in self._lost for file in job.files):
                self._stumble(index)
            elif index not in self._jobs and not takes.has(job.take_hash) and not self._is_busy(job):
                self._jobs[index] = job
                if takes.has_any(clip.id) and not states.state(clip.id).is_draft:  # a draft's final take is no repeat
                    self._again.append(index)
            if number % _AT_ONCE == _AT_ONCE - 1:
                yield

    def _is_something_missing(self) -> Generator[None, None, bool]:
        """Whether a final take is missing: a draft of a film that is there already is of no use."""
        states, takes = self._film.states, self._film.takes
        for first, last in self._spans:
            for number, clip in enumerate(self._clips[first : last + 1]):
                job = states.job(clip.id)
                if job is not None and not takes.has(job.take_hash):
                    return True
                if number % _AT_ONCE == _AT_ONCE - 1:
                    yield
        return False

    def _stumble(self, index: int) -> None:
        """Notes a clip that cannot be made; one that only follows from such a clip is not told."""
        sentence = self._film.states.refusal(self._clips[index].id) if self._obstacle is None else ""
        if sentence and self._film.states.is_reading:
            self._obstacle = Obstacle("", WayOut.WAIT)  # it is told of what was read before
        elif sentence:
            self._obstacle = Obstacle(sentence, self._way_past(sentence), self._clips[index].id)

    def _way_past(self, sentence: str) -> WayOut:
        """What helps against that refusal."""
        facts = self._film.states.facts
        if facts is not None and unfollowed(self._board, facts.facts):
            return WayOut.OTHER_MODEL
        return WayOut.FIND_PICTURES if sentence in self._lost.values() else WayOut.GO_TO_CLIP

    def _is_busy(self, job: ClipJob) -> bool:
        return job.take_hash in self._busy.hashes or job.clip_id in self._busy.clips

    def _is_fine(self, index: int) -> bool:
        job = self._film.states.job(self._clips[index].id, self._quality)
        return job is not None and (self._film.takes.has(job.take_hash) or self._is_busy(job))


def make_offer(film: OpenFilm, spans: Sequence[Span], quality: Quality, busy: Busy) -> RenderOffer:
    """The offer at once, after planning everything that is not planned yet."""
    maker = OfferMaker(film, spans, quality, busy)
    film.states.want_drafts(quality == "draft")
    film.states.settle()
    for _ in maker.steps():
        pass
    return maker.offer


def cost_of(jobs: Iterable[ClipJob], film: OpenFilm) -> RenderCost:
    """What ``jobs`` cost, judged by the newest takes: sorting all takes of a long film takes too long."""
    newest = nlargest(_TAKES, film.takes.all(), key=attrgetter("created_at"))
    return render_cost(jobs, newest, film.paces.paces)


def joined(jobs: Sequence[ClipJob], total: int, is_fine: Callable[[int], bool]) -> tuple[Span, ...]:
    """Stretches that hold all ``jobs``, in order; clips between two of them must be fine as they are."""
    spans: list[Span] = []
    for job in jobs:
        last = spans[-1][1] if spans else total
        if job.index == last + 1 or (spans and all(map(is_fine, range(last + 1, job.index)))):
            spans[-1] = (spans[-1][0], job.index)
        else:
            spans.append((job.index, job.index))
    return tuple(spans)


def _obstacle_of_film(film: OpenFilm) -> Obstacle | None:
    """What keeps every clip from being rendered."""
    states = film.states
    if not film.document.storyboard.clips:
        return Obstacle("", WayOut.INSERT_CLIP)
    if states.problem is not None and not states.is_reading:  # of the picture that decides the size, the model, a LoRA
        return Obstacle(states.problem, WayOut.FIND_PICTURES if film.missing.files else WayOut.SEE_MODELS)
    return Obstacle("", WayOut.WAIT) if states.facts is None else None
