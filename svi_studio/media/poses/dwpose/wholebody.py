"""COCO-WholeBody's 133 points as a skeleton: what DWPose and its kin give (SVI, dwpose/wholebody.py)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import BODY_JOINTS, Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE

POINTS: Final = 133
LEFT_FOOT: Final = slice(17, 19)  # big toe, small toe; the heel is not drawn
RIGHT_FOOT: Final = slice(20, 22)
FACE: Final = slice(23, 91)
LEFT_HAND: Final = slice(91, 112)
RIGHT_HAND: Final = slice(112, 133)

_FROM: Final = {
    Joint.NOSE: 0,
    Joint.RIGHT_SHOULDER: 6,
    Joint.RIGHT_ELBOW: 8,
    Joint.RIGHT_WRIST: 10,
    Joint.LEFT_SHOULDER: 5,
    Joint.LEFT_ELBOW: 7,
    Joint.LEFT_WRIST: 9,
    Joint.RIGHT_HIP: 12,
    Joint.RIGHT_KNEE: 14,
    Joint.RIGHT_ANKLE: 16,
    Joint.LEFT_HIP: 11,
    Joint.LEFT_KNEE: 13,
    Joint.LEFT_ANKLE: 15,
    Joint.RIGHT_EYE: 2,
    Joint.LEFT_EYE: 1,
    Joint.RIGHT_EAR: 4,
    Joint.LEFT_EAR: 3,
}

Points = NDArray[np.float32]


def parts_of(points: Points, *, face: bool = False) -> dict[str, Points]:
    """The parts of a skeleton from ``points`` ``[N, 133, 3]`` (x, y in pixels, score); a low score is missing.

    The neck lies between the shoulders and the toes between big and small toe, where both are seen.
    """
    body = np.zeros((len(points), BODY_JOINTS, 3), np.float32)
    for joint, number in _FROM.items():
        body[:, joint] = points[:, number]
    body[:, Joint.NECK] = between(points[:, 5], points[:, 6])
    body[:, Joint.LEFT_TOES] = between(*np.moveaxis(points[:, LEFT_FOOT], 1, 0))
    body[:, Joint.RIGHT_TOES] = between(*np.moveaxis(points[:, RIGHT_FOOT], 1, 0))
    parts = {"body": body, "left_hand": points[:, LEFT_HAND], "right_hand": points[:, RIGHT_HAND]}
    if face:
        parts["face"] = points[:, FACE]
    return {name: seen(part) for name, part in parts.items()}


def between(one: Points, other: Points) -> Points:
    """The middle of two points ``[N, 3]``, as sure as the less sure one; missing where one of them is."""
    middle: Points = np.asarray((one + other) / 2, np.float32)
    middle[:, 2] = np.minimum(one[:, 2], other[:, 2])
    middle[middle[:, 2] <= SEEN_ABOVE] = 0
    return middle


def seen(points: Points) -> Points:
    """Without the points whose score is too low."""
    kept = points.astype(np.float32, copy=True)
    kept[kept[..., 2] <= SEEN_ABOVE] = 0
    return kept
