"""How long the request under way still takes, as it was told a moment ago."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """``seconds`` were left at the time ``told``, on the monotonic clock."""

    seconds: float
    told: float = field(default_factory=time.monotonic)

    def now(self, *, is_paused: bool) -> float:
        """Seconds that are left now, at least 0; none pass in a pause."""
        return self.seconds if is_paused else max(0.0, self.seconds - (time.monotonic() - self.told))
