"""What had to be assumed of another program's poses: who of several people is meant, and how fast the frames go by."""

from dataclasses import dataclass
from fractions import Fraction

USUAL_FPS = Fraction(30)
"""Frames a second of poses that do not say it."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """``people``: where everybody is in the first frame with the most people, from the left, (x, y) in pixels of the
    canvas; with fewer than two of them there was nothing to choose, and nobody is named where somebody was asked for.
    ``frame`` is that one's number, from 0. ``taken``: which of them was followed, None = somebody who is not in that
    frame. ``fps``: frames a second that were assumed, None = they were said.
    """

    people: tuple[tuple[float, float], ...] = ()
    frame: int = 0
    taken: int | None = None
    fps: Fraction | None = None

    @property
    def has_choice(self) -> bool:
        """Whether there are several people."""
        return len(self.people) > 1
