"""Where the joints of the person in a picture lie, as a hand put them; the film keeps it for the next dance."""

from typing import Annotated

from pydantic import Field

from svi_studio.domain.poses.joints import BODY_JOINTS
from svi_studio.domain.value import RelativePath, Value

MOST_FIGURES = 1000

Places = tuple[tuple[float, float] | None, ...]
"""(x, y) of each joint of a body; None = it is not seen."""

Shares = tuple[float, float, float, float]
"""A part of a picture: left, top, right and bottom, as shares of its sides."""

_LEAST, _MOST = -4.0, 5.0
Across = Annotated[float, Field(ge=_LEAST, le=_MOST)]
"""A place along a side of the picture, which reaches from 0 to 1; a joint may lie outside."""


class Figure(Value):
    """The person in the picture at ``picture``, a path below the film's folder.

    ``joints`` are (x, y) of each of the body's 20 joints, as shares of the whole upright picture's width and height,
    so that another frame or another size of the film leaves them where they are. None = it is not in the picture.
    """

    picture: RelativePath
    joints: tuple[tuple[Across, Across] | None, ...] = Field(min_length=BODY_JOINTS, max_length=BODY_JOINTS)


def seen_places(joints: Places, part: Shares, size: tuple[int, int]) -> Places:
    """Joints of a whole picture, as shares of its sides, in pixels of that ``part`` of it, which has that ``size``."""
    left, top, right, bottom = part
    wide, high = size[0] / (right - left), size[1] / (bottom - top)
    return tuple(each and ((each[0] - left) * wide, (each[1] - top) * high) for each in joints)


def within_reach(place: tuple[float, float]) -> tuple[float, float]:
    """The nearest place to that one at which a joint may lie."""
    x, y = (min(max(each, _LEAST), _MOST) for each in place)
    return x, y
