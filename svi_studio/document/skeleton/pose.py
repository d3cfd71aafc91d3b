"""One frame of a skeleton as plain numbers, for those who draw it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from svi_studio.domain.poses.film_place import Size

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Points, Skeleton

Place = tuple[float, float]
Places = tuple[Place | None, ...]
"""Where each joint lies, x and y in pixels of the canvas; None = it is not seen."""


@dataclass(frozen=True, slots=True)
class Pose:
    """The body's 20 joints and the 21 of each hand on a ``canvas`` of (width, height) pixels.

    A dance that comes as a drawn video has no joints, but a ``picture`` of the whole canvas, drawn on black.
    """

    canvas: Size
    body: Places
    left_hand: Places = ()
    right_hand: Places = ()
    picture: QImage | None = None

    @property
    def has_person(self) -> bool:
        """Whether anything of the body is seen."""
        return any(place is not None for place in self.body)


def pose_of(skeleton: "Skeleton", frame: int) -> Pose:
    """The frame ``frame`` of a skeleton, which must be there."""
    parts = (skeleton.body, skeleton.left_hand, skeleton.right_hand)
    body, left_hand, right_hand = (places(part[frame]) for part in parts)
    return Pose((skeleton.width, skeleton.height), body, left_hand, right_hand)


def places(points: "Points") -> Places:
    """Joints ``[n, 3]``, those that do not count left out."""
    from svi_studio.domain.poses.skeleton import SEEN_ABOVE  # noqa: PLC0415 - with numpy, when there is a skeleton

    return tuple((x, y) if seen > SEEN_ABOVE else None for x, y, seen in points.tolist())


def skeleton_of(pose: Pose) -> "Skeleton":
    """A skeleton of the one frame ``pose``, without hands."""
    import numpy as np  # noqa: PLC0415 - when there is a skeleton

    from svi_studio.domain.poses.skeleton import Skeleton  # noqa: PLC0415 - as above

    rows = [(*place, 1.0) if place is not None else (0.0, 0.0, 0.0) for place in pose.body]
    return Skeleton.of_body(Fraction(1), *pose.canvas, np.array([rows], np.float32))
