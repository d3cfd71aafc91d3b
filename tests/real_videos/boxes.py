"""Whether a skeleton is on the person who was chosen, by boxes round trunks that were drawn by hand."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points
from tests.real_videos.catalogue import Box, Track

TRUNK = (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP)
GROWN = 0.1
"""Of a box's sides: how far beyond it, each way, the middle of the trunk may lie."""

Place = NDArray[np.float64]


def trunk_middle(body: Points) -> Place:
    """``[N, 2]``: the middle of those shoulders and hips of ``body`` ``[N, 20, 3]`` that are seen; NaN without any.

    Where no shoulder or hip is seen, every joint that is seen counts.
    """
    found = np.full((len(body), 2), np.nan)
    for number, joints in enumerate(body):
        trunk = joints[list(TRUNK)]
        seen = trunk[trunk[:, 2] > SEEN_ABOVE]
        seen = seen if len(seen) else joints[joints[:, 2] > SEEN_ABOVE]
        if len(seen):
            found[number] = seen[:, :2].mean(0)
    return found


def box_at(track: Track, frame: int) -> Box | None:
    """The box of a frame, between two drawn ones in proportion; None before the first and after the last."""
    if frame in track:
        return track[frame]
    for before, after in pairwise(track):
        if before < frame < after:
            share = (frame - before) / (after - before)
            one, other = np.array(track[before]), np.array(track[after])
            left, top, right, bottom = (float(side) for side in one + share * (other - one))
            return left, top, right, bottom
    return None


def is_on_another(middle: Place, chosen: Box, others: list[Box]) -> bool:
    """Whether ``middle`` (x, y) is outside the chosen person's box, or nearer to the centre of another person's."""
    left, top, right, bottom = chosen
    beyond = GROWN * (right - left), GROWN * (bottom - top)
    inside = left - beyond[0] <= middle[0] <= right + beyond[0] and top - beyond[1] <= middle[1] <= bottom + beyond[1]
    return not inside or any(_from_centre(middle, each) < _from_centre(middle, chosen) for each in others)


def _from_centre(place: Place, box: Box) -> float:
    return float(np.hypot(place[0] - (box[0] + box[2]) / 2, place[1] - (box[1] + box[3]) / 2))
