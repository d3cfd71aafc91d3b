"""Snapping: a moving point jumps to a clip edge, a marker or the playhead when it comes near."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

REACH = 8
"""Pixels within which a point snaps."""


class Snapped(NamedTuple):
    """Where a point came to lie; ``guide`` is the frame of the line to show, None when nothing held it."""

    frame: int
    guide: int | None


def snap(frame: int, pixels_per_frame: float, edges: Sequence[int], others: Iterable[int] = ()) -> Snapped:
    """``frame``, or the nearest of the sorted ``edges`` and ``others`` within REACH pixels of it."""
    near = bisect_left(edges, frame)
    candidates = [*edges[max(near - 1, 0) : near + 1], *others]
    best = min(candidates, key=lambda each: abs(each - frame), default=None)
    if best is None or abs(best - frame) * pixels_per_frame > REACH:
        return Snapped(frame, None)
    return Snapped(best, best)
