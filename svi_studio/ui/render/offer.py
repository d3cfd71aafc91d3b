"""What a press of the render button would do: which clips, which of them again, the cost, and what is in the way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from svi_studio.document.open_film import OpenFilm
from svi_studio.domain.cost import RenderCost, render_cost
from svi_studio.domain.job import ClipJob
from svi_studio.domain.quality import Quality

Span = tuple[int, int]
_NOTHING = RenderCost(0, 0.0, 0)
IsBusy = Callable[[ClipJob], bool]


class WayOut(Enum):
    """What helps against an obstacle."""

    NOTHING = auto()
    WAIT = auto()
    GO_TO_CLIP = auto()
    FIND_PICTURES = auto()
    SEE_MODELS = auto()
    INSERT_CLIP = auto()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why clips cannot be rendered, in one sentence, and the way out; ``clip`` is the id of the one it is about."""

    sentence: str
    way_out: WayOut = WayOut.NOTHING
    clip: str = ""


@dataclass(frozen=True, slots=True)
class RenderOffer:
    """The clips that a render makes (``jobs``), as stretches of the film that are asked for one by one (``spans``).

    ``again`` are the indexes of clips that have a take already, of other settings. ``total`` clips has the film.
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


def make_offer(film: OpenFilm, spans: Iterable[Span], quality: Quality, is_busy: IsBusy) -> RenderOffer:
    """The offer for the clips in ``spans`` (first and last, both inclusive); ``is_busy``: what waits in the queue."""
    spans = tuple(spans)
    total = len(film.document.storyboard.clips)
    if quality == "draft" and not _missing(film, spans, "final"):
        return RenderOffer(total, obstacle=find_obstacle(film, spans))
    jobs = tuple(job for job in _missing(film, spans, quality) if not is_busy(job))
    ids = (film.document.storyboard.clips[job.index].id for job in jobs)
    again = tuple(job.index for job, clip_id in zip(jobs, ids, strict=True) if film.takes.newest_of_clip(clip_id))
    return RenderOffer(
        total=total,
        jobs=jobs,
        spans=joined(jobs, total, lambda index: _is_fine(film, index, quality, is_busy)),
        again=again,
        cost=render_cost(jobs, film.takes.all()),
        obstacle=find_obstacle(film, spans),
    )


def joined(jobs: Sequence[ClipJob], total: int, is_fine: Callable[[int], bool]) -> tuple[Span, ...]:
    """Stretches that hold all ``jobs``, in order; clips between two of them must be fine as they are."""
    spans: list[Span] = []
    for job in jobs:
        last = spans[-1][1] if spans else total
        if spans and all(is_fine(index) for index in range(last + 1, job.index)):
            spans[-1] = (spans[-1][0], job.index)
        else:
            spans.append((job.index, job.index))
    return tuple(spans)


def find_obstacle(film: OpenFilm, spans: Sequence[Span]) -> Obstacle | None:
    """The first thing that keeps clips of ``spans`` from being rendered."""
    clips, states = film.document.storyboard.clips, film.states
    if not clips:
        return Obstacle("", WayOut.INSERT_CLIP)
    if states.problem is not None:
        return Obstacle(states.problem, _way_out_of(film))
    if states.facts is None:
        return Obstacle("", WayOut.WAIT)
    for first, last in spans:
        for index in range(first, last + 1):
            sentence = states.refusal(clips[index].id)
            if sentence:
                lost = film.document.storyboard.chain_image(index) in film.missing.names
                return Obstacle(sentence, WayOut.FIND_PICTURES if lost else WayOut.GO_TO_CLIP, clips[index].id)
    return None


def _missing(film: OpenFilm, spans: Sequence[Span], quality: Quality) -> list[ClipJob]:
    """What is to be rendered for all spans, each clip once."""
    if film.states.facts is None:
        return []
    found = {job.index: job for first, last in spans for job in film.states.stale_jobs(first, last, quality)}
    return [found[index] for index in sorted(found)]


def _is_fine(film: OpenFilm, index: int, quality: Quality, is_busy: IsBusy) -> bool:
    job = film.states.job(film.document.storyboard.clips[index].id, quality)
    return job is not None and (film.takes.has(job.take_hash) or is_busy(job))


def _way_out_of(film: OpenFilm) -> WayOut:
    """Facts are missing because of a picture that is not there, or because of the model or a LoRA."""
    return WayOut.FIND_PICTURES if film.missing.files else WayOut.SEE_MODELS
