"""How a video's stored pictures are turned and mirrored to be shown: its display matrix, read whole.

Telephones store what the sensor saw and say beside it how to hold it; cameras for selfies mirror it, too.
"""

import math
import struct
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput

_Number = TypeVar("_Number", bound=np.generic)
_MOST_DEGREES = 1.0  # off a quarter turn; ffmpeg and players allow as much


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways: first ``swapped`` (rows become columns), then mirrored left-right and upside down."""

    swapped: bool = False
    mirrored: bool = False
    flipped: bool = False

    @property
    def is_mirrored(self) -> bool:
        """Whether writing in the stored picture reads backwards, however it is turned."""
        return self.swapped ^ self.mirrored ^ self.flipped

    def applied(self, picture: NDArray[_Number]) -> NDArray[_Number]:
        """The stored ``picture`` ``[H, W, ...]`` as it is to be shown; a view, nothing is copied."""
        shown = picture.swapaxes(0, 1) if self.swapped else picture
        return shown[:: -1 if self.flipped else 1, :: -1 if self.mirrored else 1]

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height as shown, of a picture that is stored as ``width`` x ``height``."""
        return (height, width) if self.swapped else (width, height)


UPRIGHT = Orientation()


def orientation_of(matrix: bytes | None) -> Orientation:
    """The orientation that a display matrix asks for: nine integers of 32 bits, in the machine's order.

    The matrix takes the stored point (x, y) to (a x + c y, b x + d y). None or a matrix of nothing = as stored.
    Raises BadInput, without the file's name, for a slanted one, which no player shows in a straight frame.
    """
    if matrix is None or len(matrix) < 36:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix[:36])
    if not (a or c) or not (b or d):
        return UPRIGHT
    if _is_straight(a, b) and _is_straight(d, c):
        return Orientation(mirrored=a < 0, flipped=d < 0)
    if _is_straight(b, a) and _is_straight(c, d):
        return Orientation(swapped=True, mirrored=c < 0, flipped=b < 0)
    degrees = round(math.degrees(math.atan2(b, a)))
    raise BadInput(f"is turned by {degrees} degrees or slanted, which is no quarter turn: save it upright")


def _is_straight(along: int, across: int) -> bool:
    """Whether an axis of the picture still runs along the frame."""
    return abs(across) <= math.tan(math.radians(_MOST_DEGREES)) * abs(along)
