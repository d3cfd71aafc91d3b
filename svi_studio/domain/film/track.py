"""Tracks: the parts of files that lie under a film, and that its clips are made from where its family needs them."""

from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from svi_studio.domain.value import RelativePath, ShortText, Value, with_fields

MOST_PIECES = 10_000
LAST_FRAME = 2**31

Frame = Annotated[int, Field(ge=0, le=LAST_FRAME)]


class InputKind(StrEnum):
    """What a clip can be made from beside its words, its picture and the take before it."""

    SOUND = "sound"
    SKELETON = "skeleton"


class Piece(Value):
    """A part of a file under the film; all counts are film frames.

    It lies under ``length`` frames of the film from ``start`` on, and begins ``offset`` frames into ``file``, a path
    below the film's folder. ``gain`` is a factor, 1.0 = as loud as the file. A sound rises from silence within its
    first ``fade_in`` frames and falls to silence within its last ``fade_out`` ones. Gain and fades are for the ears
    alone: no clip is made from them. ``name`` is what people call the file, which lies in the film under another.

    A skeleton can go on where its dance ends: it plays its file up to, not including, frame ``plays_to``, and begins
    again at frame ``loops_from`` then, or holds its last pose where that is None. 0 = it plays on.
    """

    file: RelativePath
    start: Frame
    length: int = Field(ge=1, le=2**31)
    offset: Frame = 0
    gain: float = Field(default=1.0, ge=0, le=100)
    fade_in: Frame = Field(default=0, exclude_if=lambda frames: not frames)
    fade_out: Frame = Field(default=0, exclude_if=lambda frames: not frames)
    name: ShortText = Field(default="", exclude_if=lambda name: not name)
    plays_to: Frame = Field(default=0, exclude_if=lambda frame: not frame)
    loops_from: Frame | None = Field(default=None, exclude_if=lambda frame: frame is None)

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if (self.plays_to and self.offset >= self.plays_to) or (self.loops_from or 0) > max(self.plays_to - 1, 0):
            raise ValueError("a skeleton must begin, and begin again, before the frame up to which it plays")
        if self.loops_from is not None and not self.plays_to:
            raise ValueError("a skeleton that is looped must say up to which frame it plays")
        return self

    @property
    def stop(self) -> int:
        """The film frame before which it ends."""
        return self.start + self.length

    @property
    def file_stop(self) -> int:
        """The frame of its file before which it ends, or begins again, or holds its last pose."""
        end = self.offset + self.length
        return min(end, self.plays_to) if self.plays_to else end

    def shows(self, number: int) -> int:
        """The frame of its file that is seen at its own frame ``number``, from 0."""
        frame = self.offset + number
        if not self.plays_to or frame < self.plays_to:
            return frame
        if self.loops_from is None:
            return self.plays_to - 1
        return self.loops_from + (frame - self.loops_from) % (self.plays_to - self.loops_from)

    def between(self, first: int, stop: int) -> Self:
        """What of it lies under the film frames ``first`` up to, not including, ``stop``, which it touches."""
        start = max(self.start, first)
        length = min(self.stop, stop) - start
        return with_fields(self, {"start": start, "length": length, "offset": self.shows(start - self.start)})

    def parts(self, first: int, stop: int) -> Iterator[Self]:
        """What it plays under the film frames ``first`` up to, not including, ``stop``, as pieces that only play on.

        A pose that is held is the last frame of such a piece, or one frame alone; nothing follows it.
        """
        frame, end = max(self.start, first), min(self.stop, stop)
        while frame < end:
            offset = self.shows(frame - self.start)
            length = min(end - frame, self.plays_to - offset) if self.plays_to else end - frame
            plain = {"start": frame, "length": length, "offset": offset, "plays_to": 0, "loops_from": None}
            yield with_fields(self, plain)
            if self.loops_from is None:
                return
            frame += length

    def turns(self, first: int, stop: int) -> Iterator[int]:
        """The film frames from ``first`` up to, not including, ``stop`` at which it begins again, or holds its last
        pose from then on."""
        if not self.plays_to:
            return
        at = self.start + self.plays_to - self.offset
        if self.loops_from is None:
            yield from (at,) if first <= at < min(self.stop, stop) else ()
            return
        lap = self.plays_to - self.loops_from
        at += max(0, -((at - first) // lap)) * lap
        yield from range(at, min(self.stop, stop), lap)

    def source_at(self, ratio: Fraction) -> dict[str, Any]:
        """The fields that count frames of its file, for a file of ``ratio`` times as many frames."""
        if not self.plays_to:
            return {"offset": round(self.offset * ratio)}
        plays_to = max(1, round(self.plays_to * ratio))
        offset = min(round(self.offset * ratio), plays_to - 1)
        loops_from = None if self.loops_from is None else min(round(self.loops_from * ratio), plays_to - 1)
        return {"offset": offset, "plays_to": plays_to, "loops_from": loops_from}

    def goes_on_in(self, other: "Piece") -> bool:
        """Whether ``other`` is the same file from the frame on at which this piece ends."""
        ends = (self.file, self.gain, self.stop, self.offset + self.length)
        return ends == (other.file, other.gain, other.start, other.offset)


class Track(Value):
    """One kind of input under the whole film: its pieces in the order of time, none over another.

    A ``muted`` sound is not heard, in the window or in a film; clips are made from it all the same. ``fps`` are the
    frames a second that its pieces count, None = those of the film; see `track_rate`.
    """

    kind: InputKind
    pieces: tuple[Piece, ...] = Field(default=(), max_length=MOST_PIECES)
    muted: bool = Field(default=False, exclude_if=lambda muted: not muted)
    fps: float | None = Field(default=None, gt=0, le=240, exclude_if=lambda fps: fps is None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(before.stop > after.start for before, after in pairwise(self.pieces)):
            raise ValueError("the pieces of a track must stand in order, none over another")
        if self.kind is not InputKind.SOUND and (self.muted or any(map(_is_for_the_ears, self.pieces))):
            raise ValueError("only a sound has a gain, fades or is muted")
        if self.kind is not InputKind.SKELETON and any(piece.plays_to for piece in self.pieces):
            raise ValueError("only a skeleton is looped or holds its last pose")
        return self

    @property
    def is_heard(self) -> bool:
        """Whether a film with this track sounds."""
        return self.kind is InputKind.SOUND and bool(self.pieces) and not self.muted

    def under(self, first: int, stop: int) -> tuple[Piece, ...]:
        """What lies under the film frames ``first`` up to, not including, ``stop``.

        A piece that only goes on with the one before it is one with it: where a sound is split changes nothing. What
        is looped are several; a pose that is held is the last frame of one, or one frame alone.
        """
        begin = bisect_right(self.pieces, first, key=lambda piece: piece.stop)
        found: list[Piece] = []
        for piece in self.pieces[begin : begin + stop - first]:
            if piece.start >= stop:
                break
            for part in piece.parts(first, stop):
                if found and found[-1].goes_on_in(part):
                    found[-1] = with_fields(found[-1], {"length": part.stop - found[-1].start})
                else:
                    found.append(part)
        return tuple(found)

    def last_frame_before(self, frame: int) -> tuple[Piece, ...]:
        """The last frame that lies wholly before the film frame ``frame``; nothing where the track begins later."""
        count = bisect_right(self.pieces, frame, key=lambda piece: piece.stop)
        return tuple(piece.between(piece.stop - 1, piece.stop) for piece in self.pieces[max(0, count - 1) : count])


def _is_for_the_ears(piece: Piece) -> bool:
    return piece.gain != 1 or bool(piece.fade_in or piece.fade_out)
