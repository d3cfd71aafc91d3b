"""The sound of a film at any sample of it: the pieces of its track with their gains and fades, mixed and limited."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from svi_studio.domain.film.sound_time import exact_rate, file_start, sample_of
from svi_studio.domain.film.track import Piece, Track
from svi_studio.media.sounds.limiter import AFTER, BEFORE, limited
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.sounds.stereo import Samples

_EDGE = 96  # samples: two milliseconds in which a sound that is cut open begins and ends, so that it does not click


@dataclass(frozen=True)
class _Laid:
    """One piece in samples of the film: it is heard from ``start`` up to ``stop``, its file begins at ``origin``."""

    sound: ReadySound
    start: int
    stop: int
    origin: int
    gain: float
    fade_in: int
    fade_out: int


class FilmMix:
    """What is heard of a film's sound track. Cheap to make: after every edit there is a new one. Any thread may read.

    The same samples come out however they are asked for, one by one or a minute at once.
    """

    def __init__(self, track: Track, sounds: Mapping[str, ReadySound], fps: float) -> None:
        """``sounds`` has the ready sounds by the files of the pieces; what is not in it is silent."""
        rate = exact_rate(fps)
        pieces = () if track.muted else track.pieces
        self._laid = [
            _laid(piece, sounds[piece.file], rate, is_cut)
            for piece, is_cut in zip(pieces, _cuts(pieces), strict=True)
            if piece.file in sounds
        ]
        self._stops = [laid.stop for laid in self._laid]
        self.rate = rate

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples of the film ``[count, 2]`` from ``first`` on, at 48 kHz, none louder than -1 dB.

        Silence where no piece lies, also before the film and after it. Raises StudioError when a prepared sound was
        damaged or taken away meanwhile.
        """
        return limited(self._added(first - BEFORE, BEFORE + count + AFTER))

    def blocks(self, first: int, stop: int, size: int = 1 << 17) -> Iterator[Samples]:
        """The samples ``first`` up to ``stop``, block by block."""
        for at in range(first, stop, size):
            yield self.read(at, min(size, stop - at))

    def _added(self, first: int, count: int) -> Samples:
        mixed = np.zeros((count, 2), np.float32)
        for laid in self._laid[bisect_right(self._stops, first) :]:
            if laid.start >= first + count:
                break
            begin, end = max(first, laid.start), min(first + count, laid.stop)
            mixed[begin - first : end - first] += _heard(laid, begin, end)
        return mixed


def _laid(piece: Piece, sound: ReadySound, rate: Fraction, is_cut: tuple[bool, bool]) -> _Laid:
    start, stop, origin = sample_of(piece.start, rate), sample_of(piece.stop, rate), file_start(piece, rate)
    fade_in = sample_of(piece.start + piece.fade_in, rate) - start
    fade_out = stop - sample_of(piece.stop - piece.fade_out, rate)
    if is_cut[0] and piece.offset:
        fade_in = max(fade_in, _EDGE)
    if is_cut[1] and stop - origin < sound.samples:
        fade_out = max(fade_out, _EDGE)
    return _Laid(sound, start, stop, origin, piece.gain, fade_in, fade_out)


def _cuts(pieces: tuple[Piece, ...]) -> list[tuple[bool, bool]]:
    """Whether each piece begins and ends somewhere within its sound, which does not go on in its neighbour."""
    goes_on = [
        (before.file, before.stop, before.offset + before.length) == (after.file, after.start, after.offset)
        for before, after in pairwise(pieces)
    ]
    joins = [False, *goes_on, False]
    return [(not joins[index], not joins[index + 1]) for index in range(len(pieces))]


def _heard(laid: _Laid, begin: int, end: int) -> Samples:
    """The samples of a piece between two samples of the film, which lie within it."""
    sound = laid.sound.read(begin - laid.origin, end - begin)
    sound *= np.float32(laid.gain)
    if begin < laid.start + laid.fade_in:
        part = (np.arange(begin, min(end, laid.start + laid.fade_in)) - laid.start) / laid.fade_in
        sound[: len(part)] *= _faded(part)
    if end > laid.stop - laid.fade_out:
        part = (laid.stop - np.arange(max(begin, laid.stop - laid.fade_out), end)) / laid.fade_out
        sound[len(sound) - len(part) :] *= _faded(part)
    return sound


def _faded(part: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Samples:
    """``fade_gain`` of many at once, ``[n, 1]``."""
    return np.sin(part * (np.pi / 2)).astype(np.float32)[:, None]
