"""Edits of a skeleton along time: each gives a new one, whose remarks stay with their frames."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.skeleton import MOST_FPS, MOST_FRAMES, SEEN_ABOVE, Points, Remark, RemarkKind, Skeleton

FASTEST = Fraction(16)
"""How many times faster or slower a skeleton can be made in one go."""


def trimmed(skeleton: Skeleton, first: int, stop: int) -> Skeleton:
    """The frames ``first`` up to, not including, ``stop``. Raises BadInput when none of them is there."""
    kept = range(max(first, 0), min(stop, skeleton.num_frames))
    if not kept:
        raise BadInput(f"The skeleton has {skeleton.num_frames:,} frames, none of them from {first + 1:,} on.")
    return _taken(skeleton, np.arange(kept.start, kept.stop))


def resampled(skeleton: Skeleton, fps: Fraction) -> Skeleton:
    """The same movement at ``fps`` frames a second: frame k shows the moment k / fps.

    Between two frames that both show a joint it lies on the line between them; else the nearer frame counts, and
    across a cut always. Raises BadInput for an impossible rate, or when there would be too many frames.
    """
    if not 0 < fps <= MOST_FPS:
        raise BadInput(f"A skeleton cannot have {float(fps):g} frames a second: give it between 1 and 1,000.")
    if fps == skeleton.fps:
        return skeleton
    step = skeleton.fps / fps
    count = _possible(max(1, round(skeleton.num_frames / step)))
    places = [min(step * number, Fraction(skeleton.num_frames - 1)) for number in range(count)]
    before = np.array([int(place) for place in places])
    share = np.array([float(place - int(place)) for place in places])
    after = np.minimum(before + 1, skeleton.num_frames - 1)
    share = np.where(_crosses_cut(skeleton, after), np.round(share), share)
    parts = {name: _between(points[before], points[after], share) for name, points in skeleton.parts.items()}
    return skeleton.with_parts(parts, fps=fps, remarks=_remarks(skeleton, np.where(share < 0.5, before, after)))


def retimed(skeleton: Skeleton, factor: Fraction) -> Skeleton:
    """The same movement ``factor`` times as fast, at the same frames a second. Raises BadInput past a factor of 16."""
    if not 1 / FASTEST <= factor <= FASTEST:
        raise BadInput(f"A skeleton cannot be made {float(factor):g} times as fast: choose between 1/16 and 16.")
    faster = skeleton.with_parts({}, fps=skeleton.fps * factor) if skeleton.fps * factor <= 1000 else None
    if faster is None:
        raise BadInput("The skeleton would have more than 1,000 frames a second: make it less fast.")
    return resampled(faster, skeleton.fps)


def _possible(num_frames: int) -> int:
    if not 1 <= num_frames <= MOST_FRAMES:
        raise BadInput(f"A skeleton can have 1 to {MOST_FRAMES:,} frames, not {num_frames:,}.")
    return num_frames


def _taken(skeleton: Skeleton, sources: NDArray[np.intp]) -> Skeleton:
    """The frames ``sources``, in that order."""
    parts = {name: points[sources] for name, points in skeleton.parts.items()}
    return skeleton.with_parts(parts, remarks=_remarks(skeleton, sources))


def _between(before: Points, after: Points, share: NDArray[np.float64]) -> Points:
    weight = np.broadcast_to(share[:, None, None], before.shape)
    both = (before[..., 2:] > SEEN_ABOVE) & (after[..., 2:] > SEEN_ABOVE)
    nearer = np.where(weight < 0.5, before, after)
    mixed = np.where(both, before * (1 - weight) + after * weight, nearer)
    return np.asarray(mixed, np.float32)


def _crosses_cut(skeleton: Skeleton, after: NDArray[np.intp]) -> NDArray[np.bool_]:
    cuts = [each.first for each in skeleton.remarks if each.kind is RemarkKind.CUT]
    return np.asarray(np.isin(after, cuts))


def _remarks(skeleton: Skeleton, sources: NDArray[np.intp]) -> tuple[Remark, ...]:
    """The remarks where their frames are now; ``sources[k]`` is the frame that stands at k."""
    found = [
        Remark(each.kind, first, stop if each.kind is not RemarkKind.CUT else first + 1)
        for each in skeleton.remarks
        for first, stop in runs((sources >= each.first) & (sources < each.stop))
    ]
    return tuple(sorted(found, key=lambda each: (each.first, each.stop, each.kind)))


def runs(wanted: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where ``wanted`` ``[N]`` is true in a row: first, and the one after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], wanted, [False])).astype(np.int8)))
    return [(int(first), int(stop)) for first, stop in list(pairwise(edges))[::2]]
