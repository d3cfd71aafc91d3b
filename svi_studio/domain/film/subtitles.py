"""Subtitles: words that a film shows for a while, as data of the film."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from svi_studio.domain.text.visible_text import MARK, visible
from svi_studio.domain.value import Value

MOST_CUES = 20_000
LONGEST_MS = 1000 * 60 * 60 * 100  # a hundred hours, longer than any film
MOST_LETTERS = 2000
MOST_AT_ONCE = 3
SHORTEST_MS = 200
"""What is shown for a shorter time is seen by nobody."""

Milliseconds = Annotated[int, Field(ge=0, le=LONGEST_MS)]
CueText = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


class Cue(Value):
    """Words that are shown from ``start`` up to, not including, ``stop``, in milliseconds of film.

    Time and not frames: so they stay in place when the film gets another frame rate, and as subtitle files have them.
    """

    start: Milliseconds
    stop: Milliseconds
    text: CueText

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.stop <= self.start:
            raise ValueError("it must end after it begins")
        return self


class ShownCues:
    """Which cues are shown when; made once from the cues of a film, in the order of their starts."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        edges = sorted([(cue.start, 1, place) for place, cue in enumerate(cues)] + _ends(cues))
        self._times: list[int] = []
        self._shown: list[tuple[Cue, ...]] = []
        under_way: dict[int, Cue] = {}
        for time, begins, place in edges:
            if begins:
                under_way[place] = cues[place]
            else:
                under_way.pop(place, None)
            if self._times and self._times[-1] == time:
                self._shown.pop()
            else:
                self._times.append(time)
            self._shown.append(tuple(islice(reversed(under_way.values()), MOST_AT_ONCE))[::-1])

    def at(self, milliseconds: float) -> tuple[Cue, ...]:
        """What is shown at that moment, what began first first; of many at once only the last three that began."""
        place = bisect_right(self._times, milliseconds)
        return self._shown[place - 1] if place else ()

    def in_frame(self, frame: int, fps: float) -> tuple[Cue, ...]:
        """What is shown in the film frame ``frame`` of a film of ``fps`` frames a second, judged by its middle."""
        return self.at((frame + 0.5) * 1000 / fps)


def _ends(cues: Sequence[Cue]) -> list[tuple[int, int, int]]:
    return [(cue.stop, 0, place) for place, cue in enumerate(cues)]


def in_order(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """The cues as a film keeps them: by their start, then by their end, as they came when both are the same."""
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.stop)))


def part_of(cues: Iterable[Cue], start: float, seconds: float) -> tuple[Cue, ...]:
    """The cues of the ``seconds`` of film from the second ``start`` on, counted from there, cut at both ends."""
    first, end = round(start * 1000), round((start + seconds) * 1000)
    inside = (cue for cue in cues if cue.start < end and cue.stop > first)
    return tuple(Cue(start=max(0, cue.start - first), stop=min(cue.stop, end) - first, text=cue.text) for cue in inside)


def plain_words(text: str) -> str:
    """Words of strangers as a cue keeps them: no hidden characters, no blank lines, no blanks at the ends of lines.

    Joiners and single marks of direction stay: scripts need them. What turns the direction of whole texts goes, as it
    could hide what a title says.
    """
    lines = (" ".join(line.split()) for line in visible(text).replace(MARK, "").splitlines())
    return "\n".join(line for line in lines if line)[:MOST_LETTERS]
