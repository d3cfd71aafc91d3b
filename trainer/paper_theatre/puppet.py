"""The puppet: head, mouth, arms and legs on strings, driven by a skeleton and a mouth opening."""

from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

from trainer.paper_theatre.subjects import COLOURS, INK, Cutout, Point, Sprite, squashed

WIDTH = 24  # pixels, three cells
HEIGHT = 32  # pixels, four cells
SKIN = (250, 216, 178)


@dataclass(frozen=True)
class Pose:
    """Angles in degrees from hanging straight down, positive outwards: upper and lower arms, legs."""

    left_arm: int = 12
    left_elbow: int = 12
    right_arm: int = 12
    right_elbow: int = 12
    left_leg: int = 6
    right_leg: int = 6

    def towards(self, other: "Pose", share: float) -> "Pose":
        """The pose that lies ``share`` (0..1) of the way to ``other``."""
        mix = {k: round(v + (getattr(other, k) - v) * share) for k, v in vars(self).items()}
        return Pose(**mix)


REST = Pose()
WAVE_HIGH = Pose(right_arm=130, right_elbow=175)
DANCE: tuple[Pose, ...] = (
    Pose(150, 165, 150, 165, 6, 6),
    Pose(90, 90, 90, 90, 30, 30),
    Pose(150, 165, 45, 10, 6, 38),
    Pose(45, 10, 150, 165, 38, 6),
)
JOINTS: tuple[str, ...] = (
    "head", "neck", "pelvis", "left_elbow", "left_hand", "right_elbow", "right_hand", "left_foot", "right_foot",
)  # fmt: skip


def skeleton(pose: Pose) -> dict[str, Point]:
    """Joint positions in sprite pixels (x to the right, y down), names as in ``JOINTS``."""

    def end(start: Point, angle: float, length: float, side: int) -> Point:
        return (start[0] + side * sin(radians(angle)) * length, start[1] + cos(radians(angle)) * length)

    neck, pelvis = (12.0, 13.5), (12.0, 22.5)
    left_shoulder, right_shoulder = (9.4, 14.8), (14.6, 14.8)
    left_elbow = end(left_shoulder, pose.left_arm, 4.4, -1)
    right_elbow = end(right_shoulder, pose.right_arm, 4.4, 1)
    return {
        "head": (12.0, 7.4),
        "neck": neck,
        "pelvis": pelvis,
        "left_elbow": left_elbow,
        "left_hand": end(left_elbow, pose.left_elbow, 4.2, -1),
        "right_elbow": right_elbow,
        "right_hand": end(right_elbow, pose.right_elbow, 4.2, 1),
        "left_foot": end((10.4, 22.5), pose.left_leg, 7.8, -1),
        "right_foot": end((13.6, 22.5), pose.right_leg, 7.8, 1),
    }


@cache
def puppet_sprite(colour: str, pose: Pose, mouth: int, squash: int = 100) -> Sprite:
    """The puppet in a pose; ``mouth`` 0 (shut) to 3 (wide open). Returns float32 [HEIGHT, WIDTH, 4]."""
    cut = Cutout(WIDTH, HEIGHT)
    at = skeleton(pose)
    cloth = COLOURS[colour]
    dark = (round(cloth[0] * 0.65), round(cloth[1] * 0.65), round(cloth[2] * 0.65))
    for side, hip in (("left", (10.4, 22.5)), ("right", (13.6, 22.5))):
        cut.stick([hip, at[f"{side}_foot"]], 2.6, dark)
    for side, shoulder in (("left", (9.4, 14.8)), ("right", (14.6, 14.8))):
        cut.stick([shoulder, at[f"{side}_elbow"], at[f"{side}_hand"]], 2.4, cloth)
        cut.disc(*at[f"{side}_hand"], 1.5, 1.5, SKIN)
    cut.shape([(9.2, 13), (14.8, 13), (16.6, 24), (7.4, 24)], cloth)
    cut.disc(*at["head"], 5.6, 5.6, SKIN)
    cut.rim()
    cut.shape([(6.9, 5.2), (8.4, 2.4), (12, 1.4), (15.6, 2.4), (17.1, 5.2)], dark)
    for x in (10.0, 14.6):
        cut.disc(x, 6.8, 0.8, 1.0, INK)
    cut.disc(12.3, 10.3, 2.0, 0.45 + 0.6 * mouth, (150, 40, 48))
    return squashed(cut.sprite(), squash)
