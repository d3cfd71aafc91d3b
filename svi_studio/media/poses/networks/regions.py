"""Turned squares of a picture that a network looks at, and the way between their coordinates and the picture's.

Formulas and numbers from MediaPipe (calculators/util: alignment points to rects, rect transformation; modules).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.floating]
UP: Final = math.pi / 2


@dataclass(frozen=True, slots=True)
class Region:
    """A square with centre ``x``, ``y`` and ``side`` in pixels of the picture, turned by ``turn`` (radians)."""

    x: float
    y: float
    side: float
    turn: float = 0.0

    @property
    def centre(self) -> NDArray[np.float64]:
        """Its middle, ``[2]``."""
        return np.array((self.x, self.y))

    def to_picture(self, points: Point) -> NDArray[np.float64]:
        """Points ``[..., 2]`` that count from 0 to 1 across the region, in pixels of the picture."""
        return (np.asarray(points, np.float64) - 0.5) * self.side @ _turned(self.turn).T + self.centre

    def cropped(self, picture: NDArray[np.uint8], size: int, *, repeat_edges: bool) -> NDArray[np.uint8]:
        """The region as ``[size, size, 3]``; beyond the picture its edge pixels, or black."""
        import cv2  # noqa: PLC0415 - slow to import

        step = _turned(self.turn) * (self.side / size)
        corner = self.centre - step @ np.full(2, size / 2)
        matrix = np.concatenate((step, corner[:, None]), axis=1)
        border = cv2.BORDER_REPLICATE if repeat_edges else cv2.BORDER_CONSTANT
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(picture, matrix, (size, size), flags=flags, borderMode=border), np.uint8)

    def shifted(self, y: float) -> "Region":
        """Moved along its own vertical by ``y`` of its side."""
        return Region(
            self.x - self.side * y * math.sin(self.turn),
            self.y + self.side * y * math.cos(self.turn),
            self.side,
            self.turn,
        )

    def scaled(self, factor: float) -> "Region":
        """Larger by ``factor`` about its centre."""
        return Region(self.x, self.y, self.side * factor, self.turn)


def whole_picture(width: int, height: int) -> Region:
    """The square round the whole picture, letterboxed."""
    return Region(width / 2, height / 2, max(width, height))


def round_two_points(centre: Point, outer: Point, target: float, scale: float, shift: float = 0.0) -> Region:
    """The region whose middle is ``centre`` and whose side is twice the way to ``outer``, times ``scale``.

    It is turned so that the way from ``centre`` to ``outer`` points to ``target`` (radians, up = pi / 2), and moved by
    ``shift`` of the side before scaling.
    """
    side = 2 * float(np.hypot(outer[0] - centre[0], outer[1] - centre[1]))
    return Region(float(centre[0]), float(centre[1]), side, turn_of(centre, outer, target)).shifted(shift).scaled(scale)


def turn_of(start: Point, end: Point, target: float) -> float:
    """How far the way from ``start`` to ``end`` is turned from ``target``, in [-pi, pi)."""
    return wrapped(target - math.atan2(-(float(end[1]) - float(start[1])), float(end[0]) - float(start[0])))


def wrapped(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return (angle + math.pi) % (2 * math.pi) - math.pi


def body_region(points: Point) -> Region:
    """Where the body is looked for, from two points ``[2, 2]``: the hips' middle, and the one for size and turn."""
    return round_two_points(points[0], points[1], UP, 1.25)


def hand_guess(wrist: Point, index: Point, pinky: Point) -> Region:
    """Where a hand may be, from three points of the body."""
    middle = (2 * np.asarray(index) + np.asarray(pinky)) / 3
    return round_two_points(wrist, middle, UP, 2.7, -0.1)


def recropped_hand(points: Point) -> Region:
    """The same, looked at once more: from the two points that the recrop network gives."""
    return round_two_points(points[0], points[1], -UP, 1.0, -0.1)


_PALM: Final = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)


def followed_hand(points: Point) -> Region:
    """Where a hand is in the next frame, from its 21 points ``[21, 2]`` in this one."""
    at = np.asarray(points, np.float64)
    turn = turn_of(at[0], ((at[6] + at[14]) / 2 + at[10]) / 2, UP)
    palm = at[list(_PALM)] @ _turned(-turn).T
    low, high = palm.min(axis=0), palm.max(axis=0)
    middle = (low + high) / 2 @ _turned(turn).T
    wide, tall = high - low
    return _moved_by_height(Region(float(middle[0]), float(middle[1]), float(max(wide, tall)), turn), float(tall))


def _moved_by_height(region: Region, height: float) -> Region:
    """Moved by a tenth of the box's height towards the fingers, then twice as large."""
    shift = -0.1 * height / region.side if region.side else 0.0
    return region.shifted(shift).scaled(2.0)


def agree(one: Region, other: Region) -> bool:
    """Whether two regions of a hand are nearly the same: turned by at most 40 degrees, moved by 0.2, sized by 0.4."""
    moved = max(abs(one.x - other.x), abs(one.y - other.y)) / max(other.side, 1e-6)
    sized = abs(one.side - other.side) / max(other.side, 1e-6)
    return abs(wrapped(one.turn - other.turn)) <= math.radians(40) and moved <= 0.2 and sized <= 0.4


def _turned(angle: float) -> NDArray[np.float64]:
    return np.array(((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))))
