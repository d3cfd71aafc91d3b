"""What was found in a sound: speech, silences, onsets and beats; and where all of that lies under a film."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

from svi_studio.domain.film.sound_time import SAMPLE_RATE, sample_of
from svi_studio.domain.film.track import Track

T = TypeVar("T")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 1.0
"""Seconds of silence that part two sentences, from the slider's one end to its other."""


class Span(NamedTuple):
    """The samples from ``start`` up to, not including, ``stop``."""

    start: int
    stop: int


class Pause(NamedTuple):
    """A silence, and its quietest place, where a cut is heard least; all in samples."""

    start: int
    stop: int
    quietest: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.stop - self.start) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class SoundMarks:
    """What was found in one sound file, in samples of the file, all in the order of time.

    ``speech`` are the stretches in which somebody speaks, parted by pauses of 0.25 s or longer, and ``pauses`` what
    parts them; ``silences`` are those stretches of 0.25 s or longer in which nothing is heard, speech or not.
    ``bpm`` is 0 where no beat was found. ``by_voice``: speech was told from other sounds, and not by loudness alone.
    """

    samples: int
    speech: tuple[Span, ...] = ()
    pauses: tuple[Pause, ...] = ()
    silences: tuple[Pause, ...] = ()
    onsets: tuple[int, ...] = ()
    beats: tuple[int, ...] = ()
    bpm: float = 0.0
    by_voice: bool = False


class MarkKind(StrEnum):
    """The kinds of places at which clips can begin."""

    SENTENCE = "sentence"
    SILENCE = "silence"
    BEAT = "beat"
    ONSET = "onset"


@dataclass(frozen=True, slots=True)
class FilmMarks:
    """The marks of all pieces of a sound track, in samples of the film."""

    speech: tuple[Span, ...] = ()
    pauses: tuple[Pause, ...] = ()
    silences: tuple[Pause, ...] = ()
    onsets: tuple[int, ...] = ()
    beats: tuple[int, ...] = ()
    bpm: float = 0.0
    stop: int = 0
    by_voice: bool = False

    def sentences(self, pause: float = SHORTEST_PAUSE) -> tuple[Span, ...]:
        """The speech as sentences, parted by silences of ``pause`` seconds or longer."""
        found: list[Span] = []
        for span in self.speech:
            if found and (span.start - found[-1].stop) / SAMPLE_RATE < pause:
                found[-1] = Span(found[-1].start, max(found[-1].stop, span.stop))
            else:
                found.append(span)
        return tuple(found)

    def cuts_between_sentences(self, pause: float = SHORTEST_PAUSE) -> tuple[int, ...]:
        """Where one sentence ends and the next begins: the quietest place of the pause between them."""
        return tuple(self._quietest(one.stop, two.start) for one, two in pairwise(self.sentences(pause)))

    def cuts_in_silences(self, pause: float = SHORTEST_PAUSE) -> tuple[int, ...]:
        """The quietest place of every silence of ``pause`` seconds or longer that lies between two sounds."""
        inner = (each for each in self.silences if each.seconds >= pause and each.start > 0 and each.stop < self.stop)
        return tuple(each.quietest for each in inner)

    def snap_points(self, rate: Fraction) -> tuple[tuple[int, MarkKind], ...]:
        """Film frames to snap to, each once, in order, with what is there: a sentence, else a beat, else an onset."""
        found: dict[int, MarkKind] = {}
        starts = [span.start for span in self.sentences()]
        for kind, places in ((MarkKind.ONSET, self.onsets), (MarkKind.BEAT, self.beats), (MarkKind.SENTENCE, starts)):
            found.update((nearest_frame(sample, rate), kind) for sample in places)
        return tuple(sorted(found.items()))

    def _quietest(self, first: int, last: int) -> int:
        """Of the pauses between two places the longest one's quietest place; their middle where none is known."""
        place = bisect_right(self.pauses, first - 1, key=lambda pause: pause.start)
        inside = []
        while place < len(self.pauses) and self.pauses[place].start < last:
            inside.append(self.pauses[place])
            place += 1
        longest = max(inside, key=lambda pause: pause.stop - pause.start, default=None)
        return (first + last) // 2 if longest is None else longest.quietest


def nearest_frame(sample: int, rate: Fraction) -> int:
    """The film frame that begins nearest to a sample of the film; ``rate`` is the film's frames a second."""
    return round(sample * rate / SAMPLE_RATE)


def film_marks(track: Track, marks: Mapping[str, SoundMarks], rate: Fraction) -> FilmMarks:
    """What lies under a film of ``rate`` frames a second; ``marks`` has that of each file, if it has any.

    Spans that a piece cuts end at its edges.
    """
    parts = [
        _of_piece(marks[piece.file], *_place(piece.start, piece.length, piece.offset, rate))
        for piece in track.pieces
        if piece.file in marks
    ]
    stop = max((sample_of(piece.stop, rate) for piece in track.pieces), default=0)
    beats = [part.bpm for part in parts if part.bpm]
    return FilmMarks(
        speech=_all(part.speech for part in parts),
        pauses=_all(part.pauses for part in parts),
        silences=_all(part.silences for part in parts),
        onsets=_all(part.onsets for part in parts),
        beats=_all(part.beats for part in parts),
        bpm=beats[0] if beats else 0.0,
        stop=stop,
        by_voice=any(part.by_voice for part in parts),
    )


def _place(start: int, length: int, offset: int, rate: Fraction) -> tuple[int, int, int]:
    """First and last film sample under a piece, and how much later its file lies under the film."""
    return sample_of(start, rate), sample_of(start + length, rate), sample_of(start - offset, rate)


def _of_piece(marks: SoundMarks, first: int, stop: int, shift: int) -> FilmMarks:
    def moved(spans: Iterable[Span]) -> tuple[Span, ...]:
        placed = (Span(max(span.start + shift, first), min(span.stop + shift, stop)) for span in spans)
        return tuple(span for span in placed if span.stop > span.start)

    def paused(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
        placed = (Pause(max(p.start + shift, first), min(p.stop + shift, stop), p.quietest + shift) for p in pauses)
        return tuple(p._replace(quietest=min(max(p.quietest, p.start), p.stop)) for p in placed if p.stop > p.start)

    def inside(places: Sequence[int]) -> tuple[int, ...]:
        return tuple(place + shift for place in places if first <= place + shift < stop)

    return FilmMarks(
        speech=moved(marks.speech),
        pauses=paused(marks.pauses),
        silences=paused(marks.silences),
        onsets=inside(marks.onsets),
        beats=inside(marks.beats),
        bpm=marks.bpm,
        by_voice=marks.by_voice,
    )


def _all(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(each for part in parts for each in part)
