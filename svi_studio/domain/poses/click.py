"""Where somebody clicked on the dancer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Click:
    """The dancer is at ``x``, ``y`` (pixels of the upright picture) at ``seconds``."""

    x: float
    y: float
    seconds: float = 0.0
