"""The joints that a skeleton has, by name and number, and the bones between them.

The body's list of 20 is OpenPose's 18 with the toes last, as the authors' program has it (SVI, dwpose/util.py). Right
and left are the person's own.
"""

from enum import IntEnum
from typing import Final


class Joint(IntEnum):
    """A joint of the body and its place in the list."""

    NOSE = 0
    NECK = 1
    RIGHT_SHOULDER = 2
    RIGHT_ELBOW = 3
    RIGHT_WRIST = 4
    LEFT_SHOULDER = 5
    LEFT_ELBOW = 6
    LEFT_WRIST = 7
    RIGHT_HIP = 8
    RIGHT_KNEE = 9
    RIGHT_ANKLE = 10
    LEFT_HIP = 11
    LEFT_KNEE = 12
    LEFT_ANKLE = 13
    RIGHT_EYE = 14
    LEFT_EYE = 15
    RIGHT_EAR = 16
    LEFT_EAR = 17
    LEFT_TOES = 18
    RIGHT_TOES = 19

    @property
    def words(self) -> str:
        """Its name for people: ``left elbow``."""
        return self.name.lower().replace("_", " ")


BODY_JOINTS: Final = len(Joint)
HAND_JOINTS: Final = 21
"""The wrist, then thumb, index, middle, ring and little finger, four each from the palm out."""

FACE_JOINTS: Final = (68, 70)
"""How many points of a face there can be: without the pupils, and with them."""

MIRRORED: Final = (0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16, 19, 18)
"""Which joint each one is in a mirror."""

FACE_MIRRORED: Final = (
    *range(16, -1, -1),  # the jaw
    *range(26, 16, -1),  # the brows
    *range(27, 31),  # the ridge of the nose
    *range(35, 30, -1),  # its base
    *(45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40),  # the eyes
    *(54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55),  # the lips outside
    *(64, 63, 62, 61, 60, 67, 66, 65),  # the lips inside
    *(69, 68),  # the pupils
)

BONES: Final[tuple[tuple[Joint, Joint, str], ...]] = (
    (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, "shoulders"),
    (Joint.RIGHT_HIP, Joint.LEFT_HIP, "hips"),
    (Joint.NECK, Joint.NOSE, "head"),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, "upper arms"),
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, "upper arms"),
    (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, "forearms"),
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST, "forearms"),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, "thighs"),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, "thighs"),
    (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, "lower legs"),
    (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, "lower legs"),
)
"""Pairs of joints whose distance tells a person's proportions, and what people call them."""
