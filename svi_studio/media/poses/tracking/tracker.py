"""Follows one person from frame to frame: lost is better than somebody else.

After a loss only the surroundings of the last place are searched, and whoever is found there must be about as large, at
about the same place, and dressed alike.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from svi_studio.media.poses.tracking.found import Found, PeopleFinder, Picture
from svi_studio.media.poses.tracking.looks import OTHER, Look, colours_of

_FARTHEST: Final = 0.5
"""Of the last region: a person that is found again has the hips no further from where they were lost."""

_JUMP: Final = 6.0
"""Regions a second: nobody's hips move faster; then the network has slid to somebody else."""

_LEAST_JUMP: Final = 0.12  # of a region, however many frames a second there are
_SIZES: Final = (0.5, 2.0)  # how much smaller and larger somebody is when found again
_GROWTH: Final = (0.6, 1.6)  # and from one frame to the next


@dataclass
class Tracker:
    """Used for one scene and direction, from ``start`` on."""

    finder: PeopleFinder
    fps: float
    last: Found | None = None
    is_lost: bool = True
    look: Look = field(default_factory=Look)

    def start(self, picture: Picture, found: Found) -> None:
        """``found`` is who is followed from here."""
        self.finder.forget()
        self.last, self.is_lost = found, False
        self.look.learn(colours_of(picture, found))

    def step(self, picture: Picture) -> Found | None:
        """The person in the next frame; None while they are lost."""
        if self.last is None:
            return None
        now = self._followed(picture) if not self.is_lost else None
        if now is None:
            now = self._found_again(picture)
        self.is_lost = now is None
        if now is None:
            self.finder.forget()
            return None
        self.last = now
        self.look.learn(colours_of(picture, now))
        return now

    def _followed(self, picture: Picture) -> Found | None:
        assert self.last is not None  # noqa: S101 - for the types
        now = self.finder.follow(picture, self.last)
        if now is None:
            return None
        reach = max(_JUMP / self.fps, _LEAST_JUMP) * self.last.region.side
        return now if self._is_plausible(picture, now, reach, _GROWTH) else None

    def _found_again(self, picture: Picture) -> Found | None:
        assert self.last is not None  # noqa: S101 - for the types
        reach = _FARTHEST * self.last.region.side
        near = self.finder.near(picture, self.last)
        likely = [each for each in near if self._is_plausible(picture, each, reach, _SIZES)]
        return min(likely, key=self._distance, default=None)

    def _is_plausible(self, picture: Picture, found: Found, reach: float, sizes: tuple[float, float]) -> bool:
        assert self.last is not None  # noqa: S101 - for the types
        growth = found.region.side / self.last.region.side
        is_alike = self.look.distance(colours_of(picture, found)) <= OTHER
        return self._distance(found) <= reach and sizes[0] <= growth <= sizes[1] and is_alike

    def _distance(self, found: Found) -> float:
        assert self.last is not None  # noqa: S101 - for the types
        return float(np.hypot(found.region.x - self.last.region.x, found.region.y - self.last.region.y))
