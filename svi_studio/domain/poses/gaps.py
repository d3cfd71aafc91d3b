"""Short gaps in a skeleton are filled by what lies on both sides; longer ones stay, for somebody to look at."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Remark, RemarkKind, Skeleton
from svi_studio.domain.poses.time_edits import runs

MOST_FILLED = 5
"""Frames; what happened in a longer gap nobody can tell from its ends."""


def scenes_of(skeleton: Skeleton) -> list[tuple[int, int]]:
    """From cut to cut: first frame, and the one after the last."""
    cuts = {each.first for each in skeleton.remarks if each.kind is RemarkKind.CUT}
    edges = sorted({0, skeleton.num_frames} | {cut for cut in cuts if 0 < cut < skeleton.num_frames})
    return list(pairwise(edges))


def filled(skeleton: Skeleton, most: int = MOST_FILLED) -> Skeleton:
    """With each joint that is missing for at most ``most`` frames within a scene on the line between its neighbours.

    Frames that showed nobody at all and now do get a remark.
    """
    parts = {name: points.copy() for name, points in skeleton.parts.items()}
    for first, stop in scenes_of(skeleton):
        for points in parts.values():
            for joint in range(points.shape[1]):
                _fill(points[first:stop, joint], most)
    fuller = skeleton.with_parts(parts)
    new = [Remark(RemarkKind.FILLED, *run) for run in runs(fuller.has_person & ~skeleton.has_person)]
    remarks = tuple(sorted((*skeleton.remarks, *new), key=lambda each: (each.first, each.stop, each.kind)))
    return fuller.with_parts({}, remarks=remarks)


def _fill(track: Points, most: int) -> None:
    """Fills the gaps of one joint ``[N, 3]`` in place."""
    seen: NDArray[np.bool_] = track[:, 2] > SEEN_ABOVE
    for first, stop in runs(~seen):
        if first > 0 and stop < len(track) and stop - first <= most:
            share = (np.arange(first, stop) - first + 1)[:, None] / (stop - first + 1)
            track[first:stop] = track[first - 1] * (1 - share) + track[stop] * share
