"""Which windows of a scene become clips."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a video in seconds; ``end`` belongs to what comes next."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


def windows(scene: Span, seconds: float) -> list[Span]:
    """As many clips of ``seconds`` as fit into the scene side by side; what is left over lies evenly between them.

    Empty when the scene is shorter than one clip.
    """
    count = int(scene.seconds / seconds + 1e-6)
    spare = max(scene.seconds - count * seconds, 0.0)
    starts = [scene.start + index * seconds + spare * (index + 0.5) / count for index in range(count)]
    return [Span(start, start + seconds) for start in starts]
