"""The puppet: head, mouth, arms and legs on strings, driven by a skeleton and a mouth opening."""

from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

from trainer.paper_theatre.stage import PLAIN, Staging
from trainer.paper_theatre.subjects import COLOURS, INK, Cutout, Point, Sprite, squashed

WIDTH = 24  # pixels, three cells
HEIGHT = 32  # pixels, four cells
SKIN = (250, 216, 178)
MOUTH_COLOUR = (150, 40, 48)


NECK, PELVIS, HEAD = (12.0, 13.5), (12.0, 22.5), (12.0, 7.4)
SHOULDERS = {"left": (9.4, 14.8), "right": (14.6, 14.8)}
HIPS = {"left": (10.4, 22.5), "right": (13.6, 22.5)}
EYES = {"left": (10.0, 6.8), "right": (14.6, 6.8)}
MOUTH = (12.3, 10.3)
UPPER_ARM, LOWER_ARM, LEG = 4.4, 4.2, 7.8  # pixels


@dataclass(frozen=True)
class Pose:
    """Angles in degrees from hanging straight down, positive outwards: upper and lower arms, legs.

    A knee of 0 leaves its leg straight; else the lower half of the leg turns inwards by that much.
    """

    left_arm: int = 12
    left_elbow: int = 12
    right_arm: int = 12
    right_elbow: int = 12
    left_leg: int = 6
    right_leg: int = 6
    left_knee: int = 0
    right_knee: int = 0

    @property
    def mirrored(self) -> "Pose":
        """Left for right."""
        return Pose(
            self.right_arm, self.right_elbow, self.left_arm, self.left_elbow,
            self.right_leg, self.left_leg, self.right_knee, self.left_knee,
        )  # fmt: skip

    def towards(self, other: "Pose", share: float) -> "Pose":
        """The pose that lies ``share`` (0..1) of the way to ``other``."""
        mix = {k: round(v + (getattr(other, k) - v) * share) for k, v in vars(self).items()}
        return Pose(**mix)


REST = Pose()
WAVE_HIGH = Pose(right_arm=130, right_elbow=175)
WAVE_OUT = Pose(right_arm=120, right_elbow=125)
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
    """Joint positions in sprite pixels (x to the right, y down), names as in ``JOINTS``, and the knees."""
    joints: dict[str, Point] = {"head": HEAD, "neck": NECK, "pelvis": PELVIS}
    for side, sign in (("left", -1), ("right", 1)):
        upper, lower = getattr(pose, f"{side}_arm"), getattr(pose, f"{side}_elbow")
        leg, bend = getattr(pose, f"{side}_leg"), getattr(pose, f"{side}_knee")
        joints[f"{side}_elbow"] = elbow = _end(SHOULDERS[side], upper, UPPER_ARM, sign)
        joints[f"{side}_hand"] = _end(elbow, lower, LOWER_ARM, sign)
        joints[f"{side}_knee"] = knee = _end(HIPS[side], leg, LEG / 2, sign)
        straight = _end(HIPS[side], leg, LEG, sign)
        joints[f"{side}_foot"] = _end(knee, leg - bend, LEG / 2, sign) if bend else straight
    return joints


def _end(start: Point, angle: float, length: float, sign: int) -> Point:
    return (start[0] + sign * sin(radians(angle)) * length, start[1] + cos(radians(angle)) * length)


@cache
def puppet_sprite(colour: str, pose: Pose, mouth: float, squash: int = 100, staging: Staging = PLAIN) -> Sprite:
    """The puppet of `drawn_puppet`, kept."""
    return drawn_puppet(colour, pose, mouth, squash, staging)


def drawn_puppet(colour: str, pose: Pose, mouth: float, squash: int = 100, staging: Staging = PLAIN) -> Sprite:
    """The puppet in a pose; ``mouth`` 0 (shut) to 3 (wide open). Returns float32 [HEIGHT, WIDTH, 4], in pixels."""
    cut = Cutout(WIDTH, HEIGHT, staging=staging)
    at = skeleton(pose)
    cloth = COLOURS[colour]
    dark = (round(cloth[0] * 0.65), round(cloth[1] * 0.65), round(cloth[2] * 0.65))
    for side, hip in HIPS.items():
        bent = [at[f"{side}_knee"]] if getattr(pose, f"{side}_knee") else []
        cut.stick([hip, *bent, at[f"{side}_foot"]], 2.6, dark)
    for side, shoulder in SHOULDERS.items():
        cut.stick([shoulder, at[f"{side}_elbow"], at[f"{side}_hand"]], 2.4, cloth)
        cut.disc(*at[f"{side}_hand"], 1.5, 1.5, SKIN)
    cut.shape([(9.2, 13), (14.8, 13), (16.6, 24), (7.4, 24)], cloth)
    cut.disc(*at["head"], 5.6, 5.6, SKIN)
    cut.rim()
    cut.shape([(6.9, 5.2), (8.4, 2.4), (12, 1.4), (15.6, 2.4), (17.1, 5.2)], dark)
    for x, y in EYES.values():
        cut.disc(x, y, 0.8, 1.0, INK)
    cut.disc(*MOUTH, 2.0, 0.45 + 0.6 * mouth, MOUTH_COLOUR)
    return squashed(cut.sprite(), squash)
