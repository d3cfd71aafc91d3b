"""A figure that stands facing us, for a hand to put on the person in a picture."""

from typing import Final

from svi_studio.domain.poses.joints import BODY_JOINTS, Joint

_FIGURE: Final = {
    Joint.NOSE: (0.0, 0.09),
    Joint.NECK: (0.0, 0.19),
    Joint.RIGHT_SHOULDER: (-0.105, 0.195),
    Joint.RIGHT_ELBOW: (-0.14, 0.35),
    Joint.RIGHT_WRIST: (-0.155, 0.49),
    Joint.LEFT_SHOULDER: (0.105, 0.195),
    Joint.LEFT_ELBOW: (0.14, 0.35),
    Joint.LEFT_WRIST: (0.155, 0.49),
    Joint.RIGHT_HIP: (-0.065, 0.5),
    Joint.RIGHT_KNEE: (-0.07, 0.73),
    Joint.RIGHT_ANKLE: (-0.075, 0.95),
    Joint.LEFT_HIP: (0.065, 0.5),
    Joint.LEFT_KNEE: (0.07, 0.73),
    Joint.LEFT_ANKLE: (0.075, 0.95),
    Joint.RIGHT_EYE: (-0.022, 0.07),
    Joint.LEFT_EYE: (0.022, 0.07),
    Joint.RIGHT_EAR: (-0.045, 0.08),
    Joint.LEFT_EAR: (0.045, 0.08),
    Joint.LEFT_TOES: (0.1, 0.985),
    Joint.RIGHT_TOES: (-0.1, 0.985),
}
"""x from the middle and y from the crown, in heights of the body."""

_SHARE: Final = 0.8
"""Of the picture's height."""


def standing_figure(width: int, height: int) -> tuple[tuple[float, float], ...]:
    """Where the 20 joints of a grown-up lie who stands in the middle of a picture of that size, in its pixels."""
    tall = height * _SHARE
    places = (_FIGURE[Joint(number)] for number in range(BODY_JOINTS))
    return tuple((width / 2 + x * tall, (height - tall) / 2 + y * tall) for x, y in places)
