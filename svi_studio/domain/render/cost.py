"""What a render will cost in time and disk, from what earlier takes of the film took, or of other films here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

from svi_studio.domain.render.measured_pace import MeasuredPace, transformer_calls, volume_of
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take

_WHAT_COSTS = attrgetter(
    "model_hash",
    *("width", "height", "num_frames"),
    *("num_inference_steps", "guidance_scale", "guidance_scale_low", "audio_guidance_scale", "shift", "boundary"),
)
_NEWEST = 20  # takes that count: a computer or a driver can change in the life of a film


@dataclass(frozen=True, slots=True)
class RenderCost:
    """``seconds`` of rendering and ``bytes`` of disk for ``clips`` clips; None when nothing is known yet.

    ``from_other_films``: no take of this film says how long a clip takes, but clips that were made here before.
    """

    clips: int
    seconds: float | None
    bytes: int | None
    from_other_films: bool = False


def render_cost(jobs: Iterable[ClipJob], takes: Iterable[Take], paces: Sequence[MeasuredPace] = ()) -> RenderCost:
    """The cost of rendering ``jobs``, judged by ``takes``, or by ``paces`` of other films where those say nothing.

    The newest takes of the same model and size count; without any, those of the same model in other sizes, in
    proportion to pixels and frames. The disk is judged by takes of any model then. A clip's time is that of its calls
    of the transformer, one or more a step, and what it takes beside them: conditioning, decoding, writing.
    """
    kinds = _kinds(jobs)
    newest = sorted((take for take in takes if take.files), key=lambda take: take.created_at, reverse=True)
    own = [pace for take in newest if (pace := MeasuredPace.of(take)) is not None]
    seconds: float | None = 0.0
    size: float | None = 0.0
    elsewhere = False
    for (model_hash, volume, calls), count in kinds.items():
        alike = _alike(model_hash, volume, own)
        if not alike:
            alike = _alike(model_hash, volume, paces)
            elsewhere = elsewhere or bool(alike)
        scaled = [(pace, volume / pace.volume) for pace in alike]
        seconds = _plus(seconds, count, [pace.seconds(calls) * scale for pace, scale in scaled])
        sizes = [pace.bytes * scale for pace, scale in scaled]
        size = _plus(size, count, sizes or [_bytes(take) * volume / volume_of(take.job) for take in newest[:_NEWEST]])
    return RenderCost(kinds.total(), seconds, None if size is None else round(size), elsewhere)


def _kinds(jobs: Iterable[ClipJob]) -> Counter[tuple[str, int, int]]:
    """How many jobs there are of each model, volume and number of calls; of those that are alike one is looked into."""
    alike: dict[tuple[object, ...], list[ClipJob]] = {}
    for job in jobs:
        alike.setdefault(_WHAT_COSTS(job), []).append(job)
    kinds: Counter[tuple[str, int, int]] = Counter()
    for some in alike.values():
        kinds[some[0].model_hash, volume_of(some[0]), transformer_calls(some[0])] += len(some)
    return kinds


def _alike(model_hash: str, volume: int, newest: Sequence[MeasuredPace]) -> list[MeasuredPace]:
    same_model = [pace for pace in newest if pace.model_hash == model_hash]
    return [pace for pace in same_model if pace.volume == volume][:_NEWEST] or same_model[:_NEWEST]


def _plus(total: float | None, count: int, each: list[float]) -> float | None:
    """``total`` and ``count`` times the median of ``each``; None as soon as anything is not known."""
    return None if total is None or not each else total + count * median(each)


def _bytes(take: Take) -> int:
    return sum(file.size for file in take.files)
