"""A person found in one frame, and what any way of finding people can do."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.networks.regions import Region

Picture = NDArray[np.uint8]
"""A frame, ``[H, W, 3]`` RGB, upright."""

Joints = NDArray[np.float32]
"""``[joints, 3]``: x, y in pixels of the frame, and the confidence; 0, 0, 0 = missing."""


_LEAST_JOINTS = 6
_SHOULDERS = (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER)
_HIPS_OR_HEAD = (Joint.RIGHT_HIP, Joint.LEFT_HIP, Joint.NOSE, Joint.RIGHT_EAR, Joint.LEFT_EAR)
_MOST_TURN = math.radians(100)


@dataclass(frozen=True, slots=True)
class Found:
    """``body`` ``[20, 3]``; ``region`` is where they are, ``score`` how surely, 0 to 1; ``more`` the finder's own."""

    body: Joints
    region: Region
    score: float
    more: Any = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the joints that are seen, in pixels."""
        seen = self.body[self.body[:, 2] > SEEN_ABOVE, :2]
        if not len(seen):
            return self.region.x, self.region.y, 0.0, 0.0
        low, high = seen.min(axis=0), seen.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])

    @property
    def is_body(self) -> bool:
        """Whether enough is seen for a person: some joints, a shoulder, and a hip or the head."""
        seen = self.body[:, 2] > SEEN_ABOVE
        return bool(seen.sum() >= _LEAST_JOINTS and seen[list(_SHOULDERS)].any() and seen[list(_HIPS_OR_HEAD)].any())

    @property
    def is_upright(self) -> bool:
        """Whether the head is up, or the person leans or lies at most; a person who is looked for anew stands so."""
        return abs(self.region.turn) <= _MOST_TURN

    @property
    def rank(self) -> float:
        """What says which of several people is meant when nobody does: surely seen, whole, and large."""
        return self.score * float(self.body[:, 2].mean()) * math.sqrt(self.region.side)


class PeopleFinder(Protocol):
    """One way of finding people. Used by one thread, frame after frame."""

    def people(self, picture: Picture) -> list[Found]:
        """Everybody in the picture, large or small, best first."""
        ...

    def at_a_glance(self, picture: Picture) -> list[Found]:
        """Somebody large who is clearly seen, maybe not everybody; without one, everybody. Best first."""
        ...

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        """The people round a place."""
        ...

    def follow(self, picture: Picture, last: Found) -> Found | None:
        """The person of the frame before, where they must be now; None when they are not seen there."""
        ...

    def near(self, picture: Picture, last: Found) -> list[Found]:
        """The people close to where somebody was lost."""
        ...

    def is_steady(self, picture: Picture, found: Found) -> bool:
        """Whether other looks at the same place see the same joints; where nobody is they are seen elsewhere."""
        ...

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        """The hands of ``found``, ``[21, 3]`` each, as ``left_hand`` and ``right_hand``; none that is not seen."""
        ...

    def forget(self) -> None:
        """The next frame does not follow the last one."""
        ...


def without_doubles(people: list[Found]) -> list[Found]:
    """Each person once, best first: who has the middle within a quarter of another's region is the same."""
    kept: list[Found] = []
    for each in sorted(people, key=lambda found: -found.rank):
        if not any(is_same_place(each, other) for other in kept):
            kept.append(each)
    return kept


def is_same_place(one: Found, other: Found) -> bool:
    """Whether two are within a quarter of the larger one's region."""
    reach = 0.25 * max(one.region.side, other.region.side)
    return float(np.hypot(one.region.x - other.region.x, one.region.y - other.region.y)) <= reach
