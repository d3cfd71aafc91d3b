"""What a render will cost in time and disk, from what earlier takes of the film took."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from svi_studio.domain.job import ClipJob
from svi_studio.domain.take import Take

_NEWEST = 20  # takes that count: a computer or a driver can change in the life of a film


@dataclass(frozen=True, slots=True)
class RenderCost:
    """``seconds`` of rendering and ``bytes`` of disk for ``clips`` clips; None when nothing is known yet."""

    clips: int
    seconds: float | None
    bytes: int | None


def render_cost(jobs: Iterable[ClipJob], takes: Iterable[Take]) -> RenderCost:
    """The cost of rendering ``jobs``, judged by ``takes``.

    The newest takes of the same model and size count; without any, those of the same model in other sizes, in
    proportion to pixels and frames. The disk is judged by takes of any model then. A clip's time is its steps and what
    it takes beside them: conditioning, decoding, writing.
    """
    kinds = Counter((job.model_hash, _volume(job), job.num_inference_steps) for job in jobs)
    newest = sorted((take for take in takes if take.files), key=lambda take: take.created_at, reverse=True)
    seconds: float | None = 0.0
    size: float | None = 0.0
    for (model_hash, volume, steps), count in kinds.items():
        alike = _alike(model_hash, volume, newest)
        seconds = _plus(seconds, count, [_seconds(steps, take) * volume / _volume(take.job) for take in alike])
        size = _plus(size, count, [_bytes(take) * volume / _volume(take.job) for take in alike or newest[:_NEWEST]])
    return RenderCost(kinds.total(), seconds, None if size is None else round(size))


def _alike(model_hash: str, volume: int, newest: list[Take]) -> list[Take]:
    same_model = [take for take in newest if take.job.model_hash == model_hash and take.render_seconds > 0]
    return [take for take in same_model if _volume(take.job) == volume][:_NEWEST] or same_model[:_NEWEST]


def _plus(total: float | None, count: int, each: list[float]) -> float | None:
    """``total`` and ``count`` times the median of ``each``; None as soon as anything is not known."""
    return None if total is None or not each else total + count * median(each)


def _seconds(steps: int, take: Take) -> float:
    made = take.job.num_inference_steps
    a_step = take.seconds_per_step or take.render_seconds / made
    return steps * a_step + max(0.0, take.render_seconds - a_step * made)


def _bytes(take: Take) -> int:
    return sum(file.size for file in take.files)


def _volume(job: ClipJob) -> int:
    return job.width * job.height * job.num_frames
