"""The drawing, pixel for pixel, against a second one written from the rules alone, and the colours spelled out."""

import math
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.limbs import JOINT_COLOURS, LIMBS, limb_colour
from svi_studio.domain.poses.skeleton import Skeleton, no_points
from svi_studio.domain.poses.time_edits import trimmed
from svi_studio.media.poses.drawing import draw_skeleton, drawing_size
from tests.builders.skeletons import dance

Canvas = NDArray[np.uint8]

# From here on to _second_drawing: the rules as the authors' canvas has them, red and blue exchanged at the very end.

BONES = (
    "neck-right shoulder, neck-left shoulder, right shoulder-right elbow, right elbow-right wrist, "
    "left shoulder-left elbow, left elbow-left wrist, neck-right hip, right hip-right knee, right knee-right ankle, "
    "neck-left hip, left hip-left knee, left knee-left ankle, neck-nose, nose-right eye, right eye-right ear, "
    "nose-left eye, left eye-left ear, left ankle-left toes, right ankle-right toes"
)
NAMES = (
    "nose, neck, right shoulder, right elbow, right wrist, left shoulder, left elbow, left wrist, right hip, "
    "right knee, right ankle, left hip, left knee, left ankle, right eye, left eye, right ear, left ear, left toes, "
    "right toes"
)
COLOURS = (
    "ff0000 ff5500 ffaa00 ffff00 aaff00 55ff00 00ff00 00ff55 00ffaa 00ffff 00aaff 0055ff 0000ff 5500ff aa00ff ff00ff "
    "ff00aa ff0055 aaffff ffff00"
)


def _colour(number: int) -> tuple[int, ...]:
    return tuple(bytes.fromhex(COLOURS.split()[number]))


def _hue(part: float) -> tuple[float, float, float]:
    """HSV(part, 1, 1) as levels, by the six sides of the colour wheel."""
    side, share = int(part * 6), part * 6 - int(part * 6)
    up, down = 1 - (1 - share), 1 - share
    sides = [(1, up, 0), (down, 1, 0), (0, 1, up), (0, down, 1), (up, 0, 1), (1, 0, down)]
    red, green, blue = sides[side]
    return red * 255, green * 255, blue * 255


def _second_drawing(skeleton: Skeleton, frame: int) -> Canvas:
    canvas = np.zeros((skeleton.height, skeleton.width, 3), np.uint8)
    body = dict(zip(NAMES.split(", "), skeleton.body[frame].tolist(), strict=True))
    for number, bone in enumerate(BONES.split(", ")):
        (x0, y0, c0), (x1, y1, c1) = (body[name] for name in bone.split("-"))
        if c0 > 0.3 and c1 > 0.3:
            length = math.sqrt((x0 - x1) ** 2 + (y0 - y1) ** 2)
            angle = math.degrees(math.atan2(y0 - y1, x0 - x1))
            axes = (int(length / 2), 4)
            outline = cv2.ellipse2Poly((int((x0 + x1) / 2), int((y0 + y1) / 2)), axes, int(angle), 0, 360, 1)
            cv2.fillConvexPoly(canvas, outline, _colour(number))
    canvas = (canvas * 0.6).astype(np.uint8)
    for number, (x, y, c) in enumerate(body.values()):
        if c > 0.3:
            cv2.circle(canvas, (int(x), int(y)), 4, _colour(number), -1)
    for hand in (skeleton.left_hand[frame], skeleton.right_hand[frame]):
        _second_hand(canvas, hand.tolist())
    return canvas[..., ::-1]


def _second_hand(canvas: Canvas, hand: list[list[float]]) -> None:
    ways = ((0, 1, 2, 3, 4), (0, 5, 6, 7, 8), (0, 9, 10, 11, 12), (0, 13, 14, 15, 16), (0, 17, 18, 19, 20))
    for line, (start, end) in enumerate(each for way in ways for each in pairwise(way)):
        (x0, y0, c0), (x1, y1, c1) = hand[start], hand[end]
        if c0 > 0.3 and c1 > 0.3:
            cv2.line(canvas, (int(x0), int(y0)), (int(x1), int(y1)), _hue(line / 20), thickness=2)
    for x, y, c in hand:
        if c > 0.3:
            cv2.circle(canvas, (int(x), int(y)), 4, (0, 0, 255), -1)


def wild(seed: int, width: int = 608, height: int = 544, frames: int = 4) -> Skeleton:
    """Joints anywhere, also outside of the picture and unsure ones."""
    rng = np.random.default_rng(seed)

    def points(joints: int) -> NDArray[np.float32]:
        made = rng.uniform(-0.1, 1.1, (frames, joints, 3)).astype(np.float32)
        made[..., 0] *= width
        made[..., 1] *= height
        return made

    return Skeleton(Fraction(24), width, height, points(20), points(21), points(21))


@pytest.mark.parametrize("seed", range(5))
def test_every_pixel_is_as_the_second_drawing_has_it(seed: int) -> None:
    skeleton = wild(seed)
    drawn = draw_skeleton(skeleton)
    for frame in range(skeleton.num_frames):
        assert np.array_equal(drawn[frame], _second_drawing(skeleton, frame))


def test_a_person_is_drawn_as_the_second_drawing_has_them() -> None:
    skeleton = dance(3)
    drawn = draw_skeleton(skeleton, width=600, height=800)
    assert np.array_equal(drawn[2], _second_drawing(skeleton, 2))
    assert drawn.any(axis=-1).mean() > 0.02


def test_the_colours_are_those_that_the_model_has_seen() -> None:
    assert limb_colour(LIMBS.index((1, 0))) == (153, 0, 0)  # neck to nose: dark red
    assert limb_colour(LIMBS.index((1, 2))) == (0, 0, 153)  # the shoulders: blue
    assert JOINT_COLOURS[Joint.NOSE] == (0, 0, 255)
    assert len(set(JOINT_COLOURS)) == 19  # the toes' second colour is the elbow's
    pixels = {tuple(pixel) for pixel in draw_skeleton(dance(1))[0].reshape(-1, 3).tolist()}
    assert (255, 0, 0) in pixels  # the joints of hands: pure red
    assert (153, 0, 0) in pixels


def test_the_face_is_not_drawn() -> None:
    face = np.full((2, 68, 3), 50, np.float32)
    with_face = dance(2).with_parts({"face": face})
    assert np.array_equal(draw_skeleton(with_face), draw_skeleton(dance(2)))


def test_an_unsure_joint_is_not_drawn() -> None:
    body = dance(1).body.copy()
    body[0, :, 2] = 0.3
    assert not draw_skeleton(Skeleton(Fraction(24), 600, 800, body, no_points(1), no_points(1))).any()


@pytest.mark.parametrize(
    ("size", "drawn"),
    [((608, 1088), (608, 1088)), ((512, 768), (512, 768)), ((3840, 2160), (978, 550)), ((80, 48), (917, 550))],
)
def test_limbs_are_as_thick_as_in_training_whatever_the_videos_size(
    size: tuple[int, int], drawn: tuple[int, int]
) -> None:
    skeleton = trimmed(dance(1), 0, 1).with_parts({}, width=size[0], height=size[1])
    assert drawing_size(skeleton) == drawn
    assert draw_skeleton(skeleton).shape == (1, drawn[1], drawn[0], 3)


def test_another_canvas_is_filled_by_the_same_pose() -> None:
    small = draw_skeleton(dance(1), width=300, height=400)
    assert np.array_equal(small[0], draw_skeleton(_halved(dance(1)))[0][:400, :300])


def _halved(skeleton: Skeleton) -> Skeleton:
    parts = {name: points * np.array((0.5, 0.5, 1), np.float32) for name, points in skeleton.parts.items()}
    return skeleton.with_parts(parts)


def test_frames_come_in_the_order_asked_for_and_those_that_are_not_there_are_refused() -> None:
    whole = dance(3)
    chosen = draw_skeleton(whole, [2, 0])
    assert np.array_equal(chosen, draw_skeleton(whole)[[2, 0]])
    with pytest.raises(BadInput, match="3 frames"):
        draw_skeleton(whole, [3])
    with pytest.raises(BadInput, match="large"):
        draw_skeleton(whole, [0], 100_000, 10)
