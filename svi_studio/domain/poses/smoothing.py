"""A steady skeleton from a trembling one: single wrong frames are replaced, then both ways through a one-euro filter.

The filter lets fast movements through and calms slow ones (Casiez, Roussel, Vogel: the 1-euro filter, CHI 2012; numbers
as MediaPipe's for the body). Forwards and backwards, averaged, nothing lags.
"""

import math

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.gaps import scenes_of
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton
from svi_studio.domain.poses.time_edits import runs

LEAST_CUTOFF = 0.05  # Hz
BETA = 80.0
_SPEED_CUTOFF = 1.0  # Hz
_SPIKE_WINDOW = 5  # frames
_SPIKE_DEVIATIONS = 3.0
_SPIKE_FLOOR = 0.01  # of the body's height
_NORMAL = 1.4826  # the median of absolute deviations is so many times smaller than a normal deviation
_REGION = 1.25  # a body's region is larger than the body by this factor

Track = NDArray[np.float64]  # [n, 2], x and y in pixels


def smoothed(skeleton: Skeleton) -> Skeleton:
    """Without the tremble of a detector; what is missing stays missing, and no frame reaches over a cut."""
    size = body_size(skeleton)
    parts = {}
    for name, points in skeleton.parts.items():
        calm = points.copy()
        for first, stop in scenes_of(skeleton):
            for joint in range(points.shape[1]):
                _calm(calm[first:stop, joint], size, float(skeleton.fps))
        parts[name] = calm
    return skeleton.with_parts(parts)


def body_size(skeleton: Skeleton) -> float:
    """How tall the person is in pixels: the longer side of the box round the joints, in the middle over all frames.

    The canvas's height when nobody is seen.
    """
    seen = skeleton.body[..., 2] > SEEN_ABOVE
    frames = np.flatnonzero(seen.sum(axis=1) > 1)
    if not len(frames):
        return float(skeleton.height)
    at = np.where(seen[frames, :, None], skeleton.body[frames, :, :2], np.nan)
    sides = np.nanmax(at, axis=1) - np.nanmin(at, axis=1)
    return max(1.0, float(np.median(sides.max(axis=1))))


def _calm(track: Points, size: float, fps: float) -> None:
    """Smooths one joint of one scene ``[N, 3]`` in place, each stretch where it is seen for itself."""
    for first, stop in runs(track[:, 2] > SEEN_ABOVE):
        if stop - first > 1:
            steady = without_spikes(track[first:stop, :2].astype(np.float64), size)
            track[first:stop, :2] = both_ways(steady, size * _REGION, fps)


def without_spikes(track: Track, size: float) -> Track:
    """Points far off the median of five frames become that median; ``size`` is the body's height in pixels.

    Far is more than three robust deviations of the whole stretch and a hundredth of the body.
    """
    reach = _SPIKE_WINDOW // 2
    padded = np.pad(track, ((reach, reach), (0, 0)), mode="edge")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, _SPIKE_WINDOW, axis=0), axis=-1)
    distance = np.linalg.norm(track - middle, axis=1)
    limit = _SPIKE_DEVIATIONS * _NORMAL * float(np.median(distance)) + _SPIKE_FLOOR * size
    return np.where((distance > limit)[:, None], middle, track)


def both_ways(track: Track, side: float, fps: float) -> Track:
    """The one-euro filter forwards and backwards, averaged; ``side`` in pixels is what speeds are measured by."""
    return (one_euro(track, side, fps) + one_euro(track[::-1], side, fps)[::-1]) / 2


def one_euro(track: Track, side: float, fps: float) -> Track:
    """One pass of the filter over ``track`` at ``fps`` frames a second."""
    calm = track.copy()
    speed = np.zeros(track.shape[1])
    speed_share = _share(np.full(track.shape[1], _SPEED_CUTOFF), fps)
    for number in range(1, len(track)):
        now = (track[number] - track[number - 1]) * fps / side
        speed = speed_share * now + (1 - speed_share) * speed
        share = _share(LEAST_CUTOFF + BETA * np.abs(speed), fps)
        calm[number] = share * track[number] + (1 - share) * calm[number - 1]
    return calm


def _share(cutoff: NDArray[np.float64], fps: float) -> NDArray[np.float64]:
    """How much of a new value counts: 1 / (1 + fps / (2 pi cutoff))."""
    return 1 / (1 + fps / (2 * math.pi * cutoff))
