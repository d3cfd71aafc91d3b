"""Film frames and samples of sound: whole samples at 48 kHz, always counted from frame 0 and never added up."""

from fractions import Fraction
from typing import Final

from svi_studio.domain.film.track import Piece

SAMPLE_RATE: Final = 48_000
_MOST_DENOMINATOR = 1001  # that of the rates of television, as 24000/1001


def exact_rate(fps: float) -> Fraction:
    """Frames a second as the fraction that a film file holds: 23.976 is 24000/1001."""
    return Fraction(fps).limit_denominator(_MOST_DENOMINATOR)


def sample_of(frame: int, rate: Fraction) -> int:
    """The sample that is heard first while film frame ``frame`` is shown; ``frame`` may lie before the film."""
    return round(frame * SAMPLE_RATE / rate)


def frame_of(sample: int, rate: Fraction) -> int:
    """The film frame that is shown while ``sample`` is heard."""
    frame = sample * rate // SAMPLE_RATE
    return int(frame) + (sample_of(int(frame) + 1, rate) <= sample)


def frames_of_sound(samples: int, rate: Fraction) -> int:
    """The fewest film frames under which ``samples`` have room."""
    frames = frame_of(samples, rate)
    return frames + (sample_of(frames, rate) < samples)


def file_start(piece: Piece, rate: Fraction) -> int:
    """The film sample under which the first sample of the piece's file lies; below 0 where it lies before the film.

    Counted from where the file would begin, so that a piece that is split or trimmed plays exactly what it did.
    """
    return sample_of(piece.start - piece.offset, rate)
