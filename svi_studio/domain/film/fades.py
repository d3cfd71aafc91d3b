"""How a sound rises from silence and falls to it."""

import math


def fade_gain(part: float) -> float:
    """The factor of a fade of which ``part`` has passed, from 0 = silent to 1 = as loud as the piece.

    A quarter of a sine: the power of the sound grows evenly to the ear, and two fades that cross are as loud as one.
    """
    return math.sin(min(max(part, 0.0), 1.0) * math.pi / 2)
