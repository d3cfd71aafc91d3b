"""Which frames of a film's tracks a clip follows: those of its place in the film, or those that the authors count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from svi_studio.domain.film.film_time import FilmTime
from svi_studio.domain.film.track import InputKind

HEARD_AROUND = 2
"""So many frames before and after its own a frame of a clip hears: the model's windows of sound hold five."""


class Run(NamedTuple):
    """Frames of a track that lie in a row under a clip: ``frames`` of them, ``first`` on, under its frames from ``at``.

    ``at`` is below 0 for sound that is heard at the clip's start and lies before it.
    """

    at: int
    first: int
    frames: int


def runs_in_film_time(kind: InputKind, first: int, num_frames: int) -> tuple[Run, ...]:
    """What a clip of ``num_frames`` frames follows whose own frame 0 is shown, or would be, at film frame ``first``.

    Before the film begins there is only its first frame, as the authors' program repeats it. ``first`` is below 0 in a
    clip that goes on from a video and does not show its own first frames.
    """
    if kind is not InputKind.SOUND:
        return (Run(0, first, num_frames),)
    edge = tuple(Run(at, 0, 1) for at in range(-HEARD_AROUND, -first))
    begin = max(0, first - HEARD_AROUND)
    return (*edge, Run(begin - first, begin, first + num_frames + HEARD_AROUND - begin))


@dataclass(frozen=True, slots=True)
class AuthorsCount:
    """How the authors' scripts go along a track, in a film of that ``time``, ``num_frames`` and ``motion`` a clip."""

    time: FilmTime
    num_frames: int
    motion: int

    def runs(self, kind: InputKind, start: int, index: int, length: int) -> tuple[Run, ...]:
        """What the clip at ``index``, whose chain starts at ``start``, follows of a track of ``length`` frames.

        Sound lies where the film shows it, but a clip that goes on begins as many frames earlier as it has motion
        frames, so that it lags; beyond the end the last frame stands. A skeleton goes on from a counter that begins
        one frame too early, and is repeated for ever.
        """
        if kind is InputKind.SOUND:
            first = _own_start(self.time, index) - (self.motion if index > start else 0)
            heard = range(first - HEARD_AROUND, first + self.num_frames + HEARD_AROUND)
            return _in_rows(-HEARD_AROUND, [min(max(frame, 0), length - 1) for frame in heard])
        begin = _own_start(self.time, start)
        return _in_rows(0, [(begin + frame) % length for frame in self._counted(index - start)])

    def _counted(self, step: int) -> Sequence[int]:
        """Frames of the skeleton for the clip that is ``step`` clips behind the start of its chain."""
        if step == 0:
            return range(self.num_frames)
        new = self.num_frames - self.motion
        counter = self.num_frames - 1 + (step - 1) * new
        before = self.num_frames if step == 1 else counter
        return [*range(before - self.motion, before), *range(counter, counter + new)]


def _own_start(time: FilmTime, index: int) -> int:
    clip = time.clips[index]
    return clip.start - clip.first


def _in_rows(at: int, frames: Iterable[int]) -> tuple[Run, ...]:
    """Runs of frames that follow each other, the first of them under the clip's frame ``at``."""
    rows: list[list[int]] = []
    for place, frame in enumerate(frames, start=at):
        if rows and rows[-1][1] + rows[-1][2] == frame:
            rows[-1][2] += 1
        else:
            rows.append([place, frame, 1])
    return tuple(Run(*row) for row in rows)
