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


def windows(scene: Span, seconds: float, grid: float = 0.0) -> list[Span]:
    """As many clips of ``seconds`` as fit into the scene side by side; what is left over lies evenly between them.

    With a ``grid`` they begin at whole multiples of so many seconds, as far as there is room for that. Empty when the
    scene is shorter than one clip.
    """
    count = int(scene.seconds / seconds + 1e-6)
    spare = max(scene.seconds - count * seconds, 0.0)
    starts = [scene.start + index * seconds + spare * (index + 0.5) / count for index in range(count)]
    if grid:
        starts = [_on_grid(start, grid, scene.start, scene.end - seconds) for start in starts]
    return [Span(start, start + seconds) for start in starts]


def _on_grid(start: float, grid: float, first: float, last: float) -> float:
    """The multiple of ``grid`` nearest to ``start`` from ``first`` to ``last``, or ``start`` where there is none."""
    nearest = round(start / grid) * grid
    moved = nearest + grid if nearest < first else nearest - grid if nearest > last else nearest
    return moved if first <= moved <= last else start
