"""Follows one person from frame to frame: lost is better than somebody else.

After a loss only the surroundings of the last place are searched, and whoever is found there must be about as large, at
about the same place, and surely dressed alike. But for a short loss at one place, it must also be a person at all: who
is not surely one is in doubt, and lost again when that does not change soon, back where they surely were.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from svi_studio.domain.poses.gaps import MOST_FILLED
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.networks.regions import wrapped
from svi_studio.media.poses.tracking.found import Found, PeopleFinder, Picture
from svi_studio.media.poses.tracking.looks import ALIKE, OTHER, Look, colours_of

_FARTHEST: Final = 0.5
"""Of the last region: a person that is found again has the hips no further from where they were lost."""

_JUMP: Final = 3.0
"""Regions a second: no body moves faster as a whole; then the network has slid to somebody or something else."""

_LEAST_JUMP: Final = 0.08  # of a region, however many frames a second there are
_MOST_TURN: Final = math.radians(45)
_SPIN: Final = math.radians(900)  # a second: a somersault
_SIZES: Final = (0.5, 2.0)  # how much smaller and larger somebody is when found again
_GROWTH: Final = (0.6, 1.6)  # and from one frame to the next
_STAYED: Final = 0.15
"""Of the last region: who is back within some frames, half hidden still, is where they were; in films within 0.02."""

_MOST_DOUBTED: Final = 5
"""Frames after which who is still in doubt is nobody: real people come out of a blur, or from behind others, sooner."""


@dataclass
class Tracker:
    """Used for one scene and direction, from ``start`` on."""

    finder: PeopleFinder
    fps: float
    last: Found | None = None
    is_lost: bool = True
    look: Look = field(default_factory=Look)
    doubted: int = 0
    """So many frames, the last ones, may show nobody: when the person is lost again, they are to be forgotten."""

    _sure: Found | None = None  # the last one who is not in doubt
    _missed: int = 0  # frames since then

    def start(self, picture: Picture, found: Found) -> None:
        """``found`` is who is followed from here."""
        self.finder.forget()
        self.last = self._sure = found
        self.is_lost = False
        self.look.learn(colours_of(picture, found))

    def step(self, picture: Picture) -> Found | None:
        """The person in the next frame; None while they are lost."""
        if self.last is None:
            return None
        now = self._followed(picture) if not self.is_lost else None
        if now is None:
            now = self._found_again(picture)
        if now is not None and self._doubt(picture, now):
            now = None
        self.is_lost = now is None
        if now is None:
            self._lose()
            return None
        self.last = now
        if not self.doubted:
            self._sure, self._missed = now, 0
            self.look.learn(colours_of(picture, now))
        return now

    def _doubt(self, picture: Picture, now: Found) -> bool:
        """Whether it is in doubt for too long that ``now`` is anybody."""
        is_in_doubt = self.doubted > 0 or (self._missed > 0 and not self._has_stayed(now))
        self.doubted = self.doubted + 1 if is_in_doubt and not self.finder.is_steady(picture, now) else 0
        return self.doubted > _MOST_DOUBTED

    def _has_stayed(self, now: Found) -> bool:
        """Whether ``now`` is where they were lost some frames ago."""
        assert self.last is not None  # noqa: S101 - for the types
        return self._missed <= MOST_FILLED and self._distance(now) <= _STAYED * self.last.region.side

    def _lose(self) -> None:
        """Goes on from where they surely were."""
        self.finder.forget()
        self.last = self._sure
        self._missed += 1 + self.doubted
        self.doubted = 0

    def _followed(self, picture: Picture) -> Found | None:
        assert self.last is not None  # noqa: S101 - for the types
        now = self.finder.follow(picture, self.last)
        if now is None:
            return None
        reach = max(_JUMP / self.fps, _LEAST_JUMP) * self.last.region.side
        is_steady = _moved(self.last, now) <= reach
        likely = is_steady and self._is_plausible(picture, now, reach, _GROWTH, _MOST_TURN, apart=OTHER)
        return now if likely else None

    def _found_again(self, picture: Picture) -> Found | None:
        assert self.last is not None  # noqa: S101 - for the types
        reach = _FARTHEST * self.last.region.side
        near = self.finder.near(picture, self.last)
        likely = [each for each in near if self._is_plausible(picture, each, reach, _SIZES, math.pi, apart=ALIKE)]
        return min(likely, key=self._distance, default=None)

    def _is_plausible(
        self, picture: Picture, found: Found, reach: float, sizes: tuple[float, float], turn: float, *, apart: float
    ) -> bool:
        assert self.last is not None  # noqa: S101 - for the types
        growth = found.region.side / self.last.region.side
        turned = abs(wrapped(found.region.turn - self.last.region.turn))
        is_alike = self.look.distance(colours_of(picture, found)) <= apart
        is_near = self._distance(found) <= reach and turned <= max(turn, _SPIN / self.fps)
        return is_near and sizes[0] <= growth <= sizes[1] and is_alike

    def _distance(self, found: Found) -> float:
        assert self.last is not None  # noqa: S101 - for the types
        return float(np.hypot(found.region.x - self.last.region.x, found.region.y - self.last.region.y))


def _moved(one: Found, other: Found) -> float:
    """Pixels by which the joints that both show have moved, in the middle; 0 when there are none."""
    both = (one.body[:, 2] > SEEN_ABOVE) & (other.body[:, 2] > SEEN_ABOVE)
    if not both.any():
        return 0.0
    return float(np.median(np.linalg.norm(one.body[both, :2] - other.body[both, :2], axis=1)))
