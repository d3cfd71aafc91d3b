"""The joints of a body in a region of a picture: the landmark network and the refinement by its heatmap.

From MediaPipe (modules/pose_landmark, calculators: tensors to landmarks, refine landmarks from heatmap).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import BODY_JOINTS, Joint
from svi_studio.media.poses.networks.regions import Region, body_region
from svi_studio.media.poses.networks.runtime import Network, Numbers

SIDE = 256
LEAST_FLAG = 0.5
"""Below it, the network sees no person in the region."""

SEEN = 0.5
"""The visibility from which a joint counts; hidden ones are guesses."""

BODY_POINTS = 33
"""The first of the network's points are the body's; the others say where it is."""

_POINTS = 39
_HEAT = 64
_WINDOW = 3  # cells to each side
_LEAST_HEAT = 0.5

_FROM: dict[Joint, int] = {
    Joint.NOSE: 0,
    Joint.RIGHT_SHOULDER: 12,
    Joint.RIGHT_ELBOW: 14,
    Joint.RIGHT_WRIST: 16,
    Joint.LEFT_SHOULDER: 11,
    Joint.LEFT_ELBOW: 13,
    Joint.LEFT_WRIST: 15,
    Joint.RIGHT_HIP: 24,
    Joint.RIGHT_KNEE: 26,
    Joint.RIGHT_ANKLE: 28,
    Joint.LEFT_HIP: 23,
    Joint.LEFT_KNEE: 25,
    Joint.LEFT_ANKLE: 27,
    Joint.RIGHT_EYE: 5,
    Joint.LEFT_EYE: 2,
    Joint.RIGHT_EAR: 8,
    Joint.LEFT_EAR: 7,
    Joint.LEFT_TOES: 31,
    Joint.RIGHT_TOES: 32,
}
"""Which of the network's 33 points each joint is; the neck lies between the shoulders."""


@dataclass(frozen=True, slots=True)
class Body:
    """The network's 39 points ``[39, 2]`` in pixels of the picture, their visibility ``[39]`` 0 to 1, and its flag.

    Points 33 and 34 say where the body is looked for in the next frame.
    """

    points: NDArray[np.float64]
    visibility: NDArray[np.float64]
    flag: float
    region: Region

    @property
    def hips(self) -> NDArray[np.float64]:
        """The middle of the hips ``[2]``, which may lie outside of the picture."""
        return np.asarray(self.points[33])

    @property
    def next_region(self) -> Region:
        """Where it is looked for in the next frame."""
        return body_region(self.points[33:35])

    def joints(self, width: int, height: int) -> NDArray[np.float32]:
        """The body's list ``[20, 3]``; what is hidden or outside of a picture of that size is missing."""
        listed = np.zeros((BODY_JOINTS, 3))
        for joint, number in _FROM.items():
            listed[joint] = (*self.points[number], self.visibility[number])
        shoulders = listed[[Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER]]
        listed[Joint.NECK] = (*shoulders[:, :2].mean(axis=0), shoulders[:, 2].min())
        inside = (listed[:, 0] >= 0) & (listed[:, 0] < width) & (listed[:, 1] >= 0) & (listed[:, 1] < height)
        listed[~(inside & (listed[:, 2] >= SEEN))] = 0
        return listed.astype(np.float32)


class BodyFinder:
    """The landmark network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def look(self, picture: NDArray[np.uint8], region: Region) -> Body | None:
        """The body in ``region`` of ``picture`` ``[H, W, 3]`` RGB; None when the network sees nobody there."""
        crop = region.cropped(picture, SIDE, repeat_edges=True)
        rows, flag, _, heat, *_ = self._network(np.asarray(crop / 255, np.float32))
        if float(flag.ravel()[0]) < LEAST_FLAG:
            return None
        points = rows.reshape(_POINTS, 5)
        refined = refine(np.asarray(points[:, :2] / SIDE, np.float32), heat[0])
        visibility = sigmoid(points[:, 3])
        return Body(region.to_picture(refined), visibility.astype(np.float64), float(flag.ravel()[0]), region)


def refine(points: Numbers, heat: Numbers) -> Numbers:
    """Points ``[39, 2]`` (0 to 1) moved to the weighted middle of the heat ``[64, 64, 39]`` (logits) round each."""
    moved = points.copy()
    for number, (x, y) in enumerate(np.floor(points * _HEAT).astype(int)):
        columns = np.arange(max(x - _WINDOW, 0), min(x + _WINDOW + 1, _HEAT))
        rows = np.arange(max(y - _WINDOW, 0), min(y + _WINDOW + 1, _HEAT))
        if not (0 <= x < _HEAT and 0 <= y < _HEAT):
            continue
        window = sigmoid(heat[rows[:, None], columns[None], number])
        if window.max() >= _LEAST_HEAT:
            total = window.sum()
            moved[number] = (window.sum(axis=0) @ columns / total / _HEAT, window.sum(axis=1) @ rows / total / _HEAT)
    return moved


def sigmoid(logits: Numbers) -> Numbers:
    """1 / (1 + exp(-x)), 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100))), np.float32)
