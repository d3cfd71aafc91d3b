"""How quickly bytes come, over the last seconds, and how long the rest will take."""

import time
from collections import deque

_WINDOW_S = 10.0
_LEAST_S = 0.5


class Speed:
    """Bytes a second over the last ten seconds. ``now`` is a clock in seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])
        self.received = 0

    def count(self, size: int) -> None:
        """So many more bytes came."""
        self.received += size
        now = time.monotonic()
        if now - self._seen[-1][0] >= 0.1:
            self._seen.append((now, self.received))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()

    def bytes_a_second(self) -> float | None:
        """None until there is something to tell from."""
        began, before = self._seen[0]
        lasted = time.monotonic() - began
        return (self.received - before) / lasted if lasted >= _LEAST_S else None

    def seconds_for(self, size: int) -> float | None:
        """How long ``size`` more bytes take at this speed."""
        speed = self.bytes_a_second()
        return size / speed if speed else None
