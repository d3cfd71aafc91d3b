"""Which frame a playing film shows at a moment: counted from when it began, so that it never drifts."""

import math
from dataclasses import dataclass
from typing import Self


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

    def looped(self, now: float, first: int, last: int) -> Self:
        """Returns this clock while its frame lies in ``first`` .. ``last``; else one that goes on at the other end."""
        frame, length = self.frame(now), last - first + 1
        if first <= frame <= last:
            return self
        inside = first + (frame - first) % length
        exact = self.began + abs(frame - self.start) / (self.fps * abs(self.rate))
        return type(self)(inside, exact, self.fps, self.rate)
