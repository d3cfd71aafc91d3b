"""What of a skeleton is drawn, in which order and colours: as the Dance model saw it in training.

The authors draw on a canvas that an image writer then takes for blue, green, red (SVI, dwpose/util.py). The colours
here are red, green, blue as the model sees them, so their list stands reversed within each colour.
"""

import colorsys
from typing import Final

Colour = tuple[int, int, int]

LIMBS: Final[tuple[tuple[int, int], ...]] = (
    *((1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13)),
    *((1, 0), (0, 14), (14, 16), (0, 15), (15, 17), (13, 18), (10, 19)),
)
"""Joints of the body that a limb connects, in the order of drawing; limb k has colour k."""

FINGERS: Final[tuple[tuple[int, int], ...]] = tuple(
    (0 if step == 0 else 4 * finger + step, 4 * finger + step + 1) for finger in range(5) for step in range(4)
)
"""Points of a hand that a line connects, from the wrist to the tip of each finger; line k has finger colour k."""

LIMB_DIMMING: Final = 0.6
"""Limbs are darker than joints by this factor, cut to whole levels."""

_WHEEL: Final[tuple[Colour, ...]] = (
    *((0, 0, 255), (0, 85, 255), (0, 170, 255), (0, 255, 255), (0, 255, 170), (0, 255, 85), (0, 255, 0)),
    *((85, 255, 0), (170, 255, 0), (255, 255, 0), (255, 170, 0), (255, 85, 0), (255, 0, 0), (255, 0, 85)),
    *((255, 0, 170), (255, 0, 255), (170, 0, 255), (85, 0, 255)),
)

JOINT_COLOURS: Final[tuple[Colour, ...]] = (*_WHEEL, (255, 255, 170), (0, 255, 255))
"""Red, green, blue of joint k as the model sees it, and of limb k before it is dimmed."""

FINGER_COLOURS: Final[tuple[tuple[float, float, float], ...]] = tuple(
    (blue * 255, green * 255, red * 255)
    for red, green, blue in (colorsys.hsv_to_rgb(line / 20, 1.0, 1.0) for line in range(20))
)
"""Red, green, blue of finger line k as the model sees it, 0 to 255, before it is rounded."""

HAND_JOINT_COLOUR: Final[Colour] = (255, 0, 0)


def limb_colour(limb: int) -> Colour:
    """Red, green, blue of limb ``limb`` as it ends up in the picture."""
    red, green, blue = (int(level * LIMB_DIMMING) for level in JOINT_COLOURS[limb])
    return red, green, blue
