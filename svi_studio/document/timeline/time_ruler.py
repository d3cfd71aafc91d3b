"""The ruler's ticks, at frames and seconds that are easy to read."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from svi_studio.domain.film.timecode import frames_a_second, timecode

_FRAMES = (1, 2, 4, 5, 6, 8, 10, 12)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000, 72000, 180000, 360000)
_MINOR_SPACE = 6


class Tick(NamedTuple):
    """One line of the ruler at ``frame``; a minor one has no label."""

    frame: int
    label: str


class RulerSteps(NamedTuple):
    """Frames from label to label, and from line to line; ``major`` is a multiple of ``minor``."""

    major: int
    minor: int


@lru_cache(maxsize=64)
def ruler_steps(pixels_per_frame: float, fps: float, label_width: int) -> RulerSteps:
    """The finest steps at which labels of ``label_width`` pixels do not collide and lines stay apart."""
    rate = frames_a_second(fps)
    steps = [step for step in _FRAMES if rate % step == 0 and step < rate] + [seconds * rate for seconds in _SECONDS]
    fitting = (step for step in steps if step * pixels_per_frame >= label_width)
    major = next(fitting, 0) or steps[-1] * (1 + int(label_width / (steps[-1] * pixels_per_frame)))
    return RulerSteps(major, _minor(major, steps, pixels_per_frame))


def _minor(major: int, steps: list[int], pixels_per_frame: float) -> int:
    dividing = (step for step in steps if major % step == 0 and step * pixels_per_frame >= _MINOR_SPACE)
    finest = next(dividing, major)
    return finest if major // finest <= 10 else next(s for s in steps if major % s == 0 and major // s <= 10)


def ticks(first: float, last: float, steps: RulerSteps, fps: float) -> Iterator[Tick]:
    """The lines from frame ``first`` to ``last``, a label's reach before included."""
    start = max(int(first) - steps.major, 0) // steps.minor * steps.minor
    for frame in range(start, int(last) + 1, steps.minor):
        yield Tick(frame, timecode(frame, fps) if frame % steps.major == 0 else "")
