"""Draws a skeleton as the Dance model saw it in training: limbs, then joints, then hands, and no face, on black.

From the authors' rules (SVI, dwpose/util.py): coordinates are cut to whole pixels, and edges are not smoothed.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.limbs import (
    FINGER_COLOURS,
    FINGERS,
    HAND_JOINT_COLOUR,
    JOINT_COLOURS,
    LIMBS,
    limb_colour,
)
from svi_studio.domain.poses.skeleton import MOST_PIXELS, SEEN_ABOVE, Skeleton

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

SHORT_SIDE = 550
"""Pixels: limbs of eight pixels look as in training on a canvas about so large (the authors' are 512 to 832)."""

_SHORT_SIDES = (480, 640)
THICKNESS = 4

Picture = NDArray[np.uint8]


def drawing_size(skeleton: Skeleton) -> tuple[int, int]:
    """Width and height to draw at: the skeleton's own where its short side is 480 to 640, else scaled to 550."""
    short = min(skeleton.width, skeleton.height)
    if _SHORT_SIDES[0] <= short <= _SHORT_SIDES[1]:
        return skeleton.width, skeleton.height
    longest = MOST_PIXELS / max(skeleton.width, skeleton.height)
    factor = min(SHORT_SIDE / short, longest)
    return max(1, round(skeleton.width * factor)), max(1, round(skeleton.height * factor))


def draw_skeleton(
    skeleton: Skeleton,
    frames: Iterable[int] | None = None,
    width: int | None = None,
    height: int | None = None,
    *,
    thickness: int = THICKNESS,
) -> "Frames":
    """Frames of ``skeleton`` (all without ``frames``) as uint8 ``[n, height, width, 3]``, RGB as the model sees it.

    ``thickness`` is half the width of a limb and the radius of a joint in pixels. Raises BadInput for a frame that is
    not there or an impossible size.
    """
    wide, high = drawing_size(skeleton)
    wide, high = width or wide, height or high
    if not (1 <= wide <= MOST_PIXELS and 1 <= high <= MOST_PIXELS):
        raise BadInput(f"A skeleton cannot be drawn {wide:,} x {high:,} pixels large: choose another size.")
    numbers = list(range(skeleton.num_frames) if frames is None else frames)
    if any(not 0 <= number < skeleton.num_frames for number in numbers):
        raise BadInput(f"The skeleton has {skeleton.num_frames:,} frames: choose frames that it has.")
    drawn = np.zeros((len(numbers), high, wide, 3), np.uint8)
    scale = np.array((wide / skeleton.width, high / skeleton.height), np.float64)
    for canvas, number in zip(drawn, numbers, strict=True):
        _draw_frame(canvas, skeleton, number, scale, thickness)
    return drawn


def _draw_frame(canvas: Picture, skeleton: Skeleton, number: int, scale: NDArray[np.float64], thickness: int) -> None:
    body = _scaled(skeleton.body[number], scale)
    _draw_limbs(canvas, body, thickness)
    for joint, at in enumerate(body):
        if at is not None:
            _disc(canvas, at, thickness, JOINT_COLOURS[joint])
    for hand in (skeleton.left_hand, skeleton.right_hand):
        _draw_hand(canvas, _scaled(hand[number], scale), thickness)


def _draw_limbs(canvas: Picture, body: "list[_Point | None]", thickness: int) -> None:
    """Filled ellipses from joint to joint, a later one over an earlier one."""
    import cv2  # noqa: PLC0415 - slow to import

    for limb, (start, end) in enumerate(LIMBS):
        one, other = body[start], body[end]
        if one is None or other is None:
            continue
        middle = (int((one[0] + other[0]) / 2), int((one[1] + other[1]) / 2))
        across, down = one[0] - other[0], one[1] - other[1]
        half = int(np.hypot(across, down) / 2)
        angle = int(np.degrees(np.arctan2(down, across)))
        outline = cv2.ellipse2Poly(middle, (half, thickness), angle, 0, 360, 1)
        cv2.fillConvexPoly(canvas, outline, limb_colour(limb))


def _draw_hand(canvas: Picture, hand: "list[_Point | None]", thickness: int) -> None:
    import cv2  # noqa: PLC0415 - slow to import

    for line, (start, end) in enumerate(FINGERS):
        one, other = hand[start], hand[end]
        if one is not None and other is not None:
            cv2.line(canvas, _whole(one), _whole(other), FINGER_COLOURS[line], thickness=max(1, round(thickness / 2)))
    for at in hand:
        if at is not None:
            _disc(canvas, at, thickness, HAND_JOINT_COLOUR)


def _disc(canvas: Picture, at: "_Point", radius: int, colour: tuple[int, int, int]) -> None:
    import cv2  # noqa: PLC0415 - slow to import

    cv2.circle(canvas, _whole(at), radius, colour, thickness=-1)


_Point = tuple[float, float]


def _scaled(points: NDArray[np.float32], scale: NDArray[np.float64]) -> list[_Point | None]:
    """Where each point lies on the canvas; None for those that do not count."""
    at = points[:, :2].astype(np.float64) * scale
    return [(float(x), float(y)) if seen else None for (x, y), seen in zip(at, points[:, 2] > SEEN_ABOVE, strict=True)]


def _whole(at: _Point) -> tuple[int, int]:
    return int(at[0]), int(at[1])
