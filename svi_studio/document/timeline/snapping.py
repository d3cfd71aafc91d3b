"""Snapping: a moving point jumps to a clip edge, a marker, the playhead, or a place in the sound when it comes near."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

REACH = 8
"""Pixels within which a point snaps."""
MARK_REACH = 6
"""The same for sentences and beats, of which there are many."""


class Snapped(NamedTuple):
    """Where a point came to lie; ``guide`` is the frame of the line to show, None when nothing held it."""

    frame: int
    guide: int | None


def snap(
    frame: int, pixels_per_frame: float, edges: Sequence[int], others: Iterable[int] = (), marks: Sequence[int] = ()
) -> Snapped:
    """``frame``, or the nearest of the sorted ``edges`` and ``others`` within REACH pixels of it.

    Where none of them is near, the nearest of the sorted ``marks`` of the sound within MARK_REACH pixels.
    """
    for candidates, reach in (([*_around(edges, frame), *others], REACH), (_around(marks, frame), MARK_REACH)):
        best = min(candidates, key=lambda each: abs(each - frame), default=None)
        if best is not None and abs(best - frame) * pixels_per_frame <= reach:
            return Snapped(best, best)
    return Snapped(frame, None)


def _around(places: Sequence[int], frame: int) -> Sequence[int]:
    """Of sorted ``places`` the last before ``frame`` and the first that is not."""
    near = bisect_left(places, frame)
    return places[max(near - 1, 0) : near + 1]
