"""Tells an invented body from a real one: where nobody is, a network's joints leap to and fro from frame to frame."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points

_MOST: Final = 0.08
"""Of the body's size, a frame and a frame: how much the joints' way bends, in the middle over the joints.

In films of people it is 0.005 to 0.03, also in a somersault but for single frames; of bicycles and cars 0.08 to 0.5.
"""

_SURE_RATE: Final = 25.0
"""Frames a second; with fewer, real movements bend as the square of the time between two."""

_WINDOW: Final = 9  # frames
_LEAST_JOINTS: Final = 4


def is_invented(body: Points, fps: float, scenes: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """``[N]``: the frames whose joints ``body`` ``[N, 20, 3]``, as they were found, tremble as no person's do."""
    found = np.zeros(len(body), np.bool_)
    limit = _MOST * max(1.0, (_SURE_RATE / fps) ** 2)
    for first, stop in scenes:
        part = body[first:stop]
        if len(part) >= 3:
            found[first:stop] = _running_median(_bends(part)) > limit
    return found


def _bends(body: Points) -> NDArray[np.float64]:
    """``[N]``: how much each frame leaves the straight line between its neighbours; NaN where too little is seen."""
    seen = body[..., 2] > SEEN_ABOVE
    there = seen[:-2] & seen[1:-1] & seen[2:]
    at = body[..., :2].astype(np.float64)
    off = np.linalg.norm(at[:-2] - 2 * at[1:-1] + at[2:], axis=2)
    bends = np.full(len(body), np.nan)
    for number, (joints, distances) in enumerate(zip(there, off, strict=True), 1):
        if joints.sum() >= _LEAST_JOINTS:
            size = float(np.ptp(at[number, seen[number]], axis=0).max())
            bends[number] = np.median(distances[joints]) / max(size, 1.0)
    return bends


def _running_median(bends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over nine frames; 0 where nothing is known, so that a single frame counts as real."""
    reach = _WINDOW // 2
    found = np.zeros(len(bends))
    for number in range(len(bends)):
        window = bends[max(0, number - reach) : number + reach + 1]
        known = window[np.isfinite(window)]
        if len(known):
            found[number] = np.median(known)
    return found
