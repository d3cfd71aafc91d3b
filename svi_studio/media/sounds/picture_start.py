"""The sound of a video beside its picture: where it begins late or has holes there is silence, as in a player."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av.container import InputContainer

    from svi_studio.media.sounds.decode import Chunk
    from svi_studio.media.sounds.decode_notes import Note

_MOST_GAP = 600  # seconds of silence that the times of a file may ask for at once
_LEAST_GAP = Fraction(1, 10)  # of a second; less is rounding
_LEAST_HEAD = Fraction(6, 100)  # an encoder's own first samples, which the decoder has left out already


def picture_start(container: "InputContainer") -> Fraction | None:
    """When the picture of a video begins, in seconds; None where there is none but the cover of an album."""
    import av.stream  # noqa: PLC0415 - late, as everywhere

    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            continue
        if stream.start_time is not None and stream.time_base:
            return stream.start_time * Fraction(stream.time_base)
    return None


def in_time_with_the_picture(chunks: "Iterator[Chunk]", start: Fraction, notes: "Counter[Note]") -> "Iterator[Chunk]":
    """The sound of a video from ``start`` (seconds) on, with silence where there is none.

    What is heard before the picture is cut off. Times that cannot be are not believed.
    """
    at, has_begun, is_early = Fraction(0), False, False
    for chunk in chunks:
        gap = Fraction(0) if chunk.time is None else chunk.time - start - at
        if not has_begun and -_MOST_GAP <= gap < 0 and (is_early or gap <= -_LEAST_HEAD):
            is_early, notes["early"] = True, 1
            chunk = chunk._replace(sound=chunk.sound[round(-gap * chunk.rate) :])  # noqa: PLW2901
            if not len(chunk.sound):
                continue
        elif (_LEAST_GAP if has_begun else Fraction(0)) < gap <= _MOST_GAP:
            notes["gaps" if has_begun else "late"] += 1
            silence = np.zeros((round(gap * chunk.rate), 2), np.float32)
            at += Fraction(len(silence), chunk.rate)
            yield chunk._replace(sound=silence)
        has_begun = True
        at += Fraction(len(chunk.sound), chunk.rate)
        yield chunk
