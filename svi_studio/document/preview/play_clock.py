"""Which frame a playing film shows at a moment: counted from when it began, so that it never drifts."""

import math
from dataclasses import dataclass, replace
from typing import Self

NEAR = 0.25
"""Frames by which the clock may be off the sound before it is drawn to it."""
_SHARE = 0.2  # of the distance, each time
_FAR = 6.0  # frames, from which on it goes there at once


@dataclass(frozen=True, slots=True)
class PlayClock:
    """A film that showed the frame ``start`` at ``began`` (seconds of a monotonic clock) and plays at ``rate``.

    ``rate`` 1 is ``fps`` frames a second, negative runs backwards; never 0. Frames that nobody had time to show are
    passed over: the film does not become slower.
    """

    start: int
    began: float
    fps: float
    rate: float

    def frame(self, now: float) -> int:
        """The frame to be shown at ``now``."""
        passed = math.floor(max(0.0, now - self.began) * self.fps * abs(self.rate) + 1e-6)
        return self.start + (passed if self.rate > 0 else -passed)

    def next_change(self, now: float) -> float:
        """Seconds from ``now`` until another frame is to be shown."""
        shown = abs(self.frame(now) - self.start)
        return max(0.0, self.began + (shown + 1) / (self.fps * abs(self.rate)) - now)

    def exact(self, now: float) -> float:
        """The same with a fraction: how far into that frame it is."""
        return self.start + max(0.0, now - self.began) * self.fps * self.rate

    def drawn_to(self, heard: float, now: float, loop: int | None = None) -> Self:
        """Returns a clock that is nearer to the place ``heard`` (a frame with a fraction) of the sound at ``now``.

        Small distances are spread over some frames, and no frame is ever shown again: where the sound is behind, the
        picture stands until it comes. In a loop of ``loop`` frames the shorter way round counts. Only for rate 1.
        """
        here = self.exact(now)
        away = heard - here
        if loop:
            away = (away + loop / 2) % loop - loop / 2
        if abs(away) <= NEAR:
            return self
        there = here + (away if away > _FAR else max(away, -_FAR) * _SHARE)
        there = max(there, float(self.frame(now)))
        return replace(self, began=now - (there - self.start) / self.fps)

    def looped(self, now: float, first: int, last: int) -> Self:
        """Returns this clock while its frame lies in ``first`` .. ``last``; else one that goes on at the other end."""
        frame, length = self.frame(now), last - first + 1
        if first <= frame <= last:
            return self
        inside = first + (frame - first) % length
        exact = self.began + abs(frame - self.start) / (self.fps * abs(self.rate))
        return type(self)(inside, exact, self.fps, self.rate)
