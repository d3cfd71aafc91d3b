"""Skeletons for tests: a standing person, and a dance of it."""

from fractions import Fraction

import numpy as np

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Points, Skeleton

WIDTH, HEIGHT = 600, 800

STANDING: dict[Joint, tuple[float, float]] = {
    Joint.NOSE: (300, 150),
    Joint.NECK: (300, 220),
    Joint.RIGHT_SHOULDER: (240, 222),
    Joint.RIGHT_ELBOW: (220, 310),
    Joint.RIGHT_WRIST: (210, 390),
    Joint.LEFT_SHOULDER: (360, 222),
    Joint.LEFT_ELBOW: (380, 310),
    Joint.LEFT_WRIST: (390, 390),
    Joint.RIGHT_HIP: (268, 420),
    Joint.RIGHT_KNEE: (262, 540),
    Joint.RIGHT_ANKLE: (258, 660),
    Joint.LEFT_HIP: (332, 420),
    Joint.LEFT_KNEE: (338, 540),
    Joint.LEFT_ANKLE: (342, 660),
    Joint.RIGHT_EYE: (286, 136),
    Joint.LEFT_EYE: (314, 136),
    Joint.RIGHT_EAR: (270, 144),
    Joint.LEFT_EAR: (330, 144),
    Joint.LEFT_TOES: (356, 684),
    Joint.RIGHT_TOES: (244, 684),
}


def standing() -> Points:
    """One frame of a person facing us, ``[20, 3]``."""
    body = np.zeros((20, 3), np.float32)
    for joint, place in STANDING.items():
        body[joint] = (*place, 0.9)
    return body


def hand(x: float, y: float, size: float = 60) -> Points:
    """One frame of an open hand whose wrist is at ``x``, ``y``, ``[21, 3]``."""
    points = np.zeros((21, 3), np.float32)
    points[0] = (x, y, 0.9)
    for finger in range(5):
        for step in range(4):
            reach = size * (0.4 + 0.2 * step)
            points[1 + 4 * finger + step] = (x + (finger - 2) * size * 0.12 * (1 + step * 0.3), y + reach, 0.9)
    return points


def dance(frames: int = 24, fps: Fraction = Fraction(24)) -> Skeleton:
    """A person who sways: everything moves by 2 pixels a frame to the right; both hands are seen."""
    steps = np.arange(frames, dtype=np.float32)[:, None] * 2
    body = np.repeat(standing()[None], frames, axis=0)
    left, right = (np.repeat(hand(x, 400)[None], frames, axis=0) for x in (392, 208))
    for points in (body, left, right):
        points[..., 0] += steps
    return Skeleton(fps, WIDTH, HEIGHT, body, left, right)
