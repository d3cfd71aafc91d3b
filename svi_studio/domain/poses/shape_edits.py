"""Edits of a skeleton in the picture: mirrored, scaled, moved, on another canvas. Each gives a new one."""

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import FACE_MIRRORED, MIRRORED
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton

LARGEST_SCALE = 16.0


def mirrored(skeleton: Skeleton) -> Skeleton:
    """As in a mirror: what was on the left is on the right, and the left arm has become the right one."""
    parts = {name: _flipped(points, skeleton.width) for name, points in skeleton.parts.items()}
    parts["left_hand"], parts["right_hand"] = parts["right_hand"], parts["left_hand"]
    parts["body"] = parts["body"][:, MIRRORED]
    if "face" in parts:
        joints = parts["face"].shape[1]
        parts["face"] = parts["face"][:, FACE_MIRRORED[:joints]]
    return skeleton.with_parts(parts)


def scaled(skeleton: Skeleton, factor: float, about: tuple[float, float] | None = None) -> Skeleton:
    """``factor`` times as large; ``about`` (x, y in pixels) stays in its place, without it the ground below the feet.

    Raises BadInput past a factor of 16.
    """
    if not 1 / LARGEST_SCALE <= factor <= LARGEST_SCALE:
        raise BadInput(f"A skeleton cannot be made {factor:g} times as large: choose between 1/16 and 16.")
    x, y = about or ground(skeleton)
    return _moved(skeleton, (factor, factor), (x * (1 - factor), y * (1 - factor)))


def shifted(skeleton: Skeleton, x: float, y: float) -> Skeleton:
    """Moved by ``x`` pixels to the right and ``y`` down."""
    return _moved(skeleton, (1.0, 1.0), (x, y))


def on_canvas(skeleton: Skeleton, width: int, height: int) -> Skeleton:
    """On a canvas of ``width`` x ``height`` pixels, as large as it fits whole, in the middle."""
    factor = min(width / skeleton.width, height / skeleton.height)
    shift = ((width - skeleton.width * factor) / 2, (height - skeleton.height * factor) / 2)
    return _moved(skeleton, (factor, factor), shift, width=width, height=height)


def ground(skeleton: Skeleton) -> tuple[float, float]:
    """The point (x, y in pixels) that the person stands on: under the middle of the body, at the lowest joint.

    The middle of the canvas when nobody is seen.
    """
    seen = skeleton.body[skeleton.body[..., 2] > SEEN_ABOVE]
    if not len(seen):
        return skeleton.width / 2, skeleton.height / 2
    return float(np.median(seen[:, 0])), float(np.percentile(seen[:, 1], 98))


def _flipped(points: Points, width: int) -> Points:
    turned = points.copy()
    turned[..., 0] = np.where(points[..., 2] > 0, width - points[..., 0], 0)
    return turned


def _moved(skeleton: Skeleton, factors: tuple[float, float], shift: tuple[float, float], **canvas: int) -> Skeleton:
    """Every joint that is there, times ``factors`` (x, y) plus ``shift``."""
    parts = {}
    for name, points in skeleton.parts.items():
        moved = points.copy()
        moved[..., :2] = moved[..., :2] * np.array(factors, np.float32) + np.array(shift, np.float32)
        moved[points[..., 2] <= 0] = 0
        parts[name] = moved
    return skeleton.with_parts(parts, **canvas)
