"""What is measured of a sound before anything is looked for in it: a few numbers every 10 ms, block by block."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.sounds.voice import VoiceEar

HOP: Final = SAMPLE_RATE // 100
"""Samples from one measurement to the next: 10 ms."""

BANDS: Final = 40
_WINDOW: Final = 1024  # 21 ms: short enough for a click, long enough for a bass drum
_LOWEST, _HIGHEST = 40.0, 16_000.0
_VOICE = (150.0, 4_500.0)
_BLOCK = SAMPLE_RATE * 10
_LOUDER = 1000.0
_SILENT_DB = -120.0

Values = NDArray[np.float32]


class Samples(Protocol):
    """A sound at 48 kHz that is read in blocks."""

    def read(self, first: int, count: int) -> Values:
        """Samples [count, channels], zeros outside of the sound."""


@dataclass(frozen=True, slots=True)
class SoundFeatures:
    """Measured every ``HOP`` samples of a sound of ``samples``.

    ``flux`` [n] is how much louder the bands of the spectrum became, the sum over 40 bands of the growth of their
    logarithms. ``level`` [n] is the loudness in decibels of all, ``voice_level`` [n] that of the frequencies of speech;
    0 = a full-scale square wave. ``voice`` [m] is how probably somebody speaks, every 32 ms, None where nobody knows.
    """

    samples: int
    flux: Values
    level: Values
    voice_level: Values
    voice: Values | None = None


def measure(
    sound: Samples,
    samples: int,
    *,
    ear: VoiceEar | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> SoundFeatures:
    """Measures ``samples`` of a sound; ``progress`` hears how many are done and may raise to give up.

    ``ear`` hears voices, where there is one. Samples that are no number are silent.
    """
    parts: list[tuple[Values, Values, Values]] = []
    before: Values | None = None
    for first in range(0, max(samples, 1), _BLOCK):
        count = min(_BLOCK, samples - first)
        mono = _mono(sound, first - _WINDOW // 2, count + _WINDOW)
        bands, level, voice_level = _spectra(mono, -(-count // HOP))
        flux, before = _flux(bands, before)
        parts.append((flux, level, voice_level))
        if ear is not None:
            ear.hear(mono[_WINDOW // 2 : _WINDOW // 2 + count])
        progress(min(first + _BLOCK, samples))
    flux, level, voice_level = (np.concatenate(each) for each in zip(*parts, strict=True))
    return SoundFeatures(samples, flux, level, voice_level, ear.probabilities() if ear is not None else None)


class SoundArray:
    """A mono sound in memory: float32 [n] at 48 kHz."""

    def __init__(self, sound: Values) -> None:
        self._sound = np.asarray(sound, np.float32).reshape(-1)

    def read(self, first: int, count: int) -> Values:
        """Samples [count, 1], zeros outside of the sound."""
        found = np.zeros((count, 1), np.float32)
        start, stop = max(first, 0), min(first + count, len(self._sound))
        if stop > start:
            found[start - first : stop - first, 0] = self._sound[start:stop]
        return found


def features_of(sound: Values, ear: VoiceEar | None = None) -> SoundFeatures:
    """Measures a mono sound [n] at 48 kHz that is in memory."""
    return measure(SoundArray(sound), len(sound), ear=ear)


def _mono(sound: Samples, first: int, count: int) -> Values:
    found = np.nan_to_num(sound.read(first, count), nan=0.0, posinf=0.0, neginf=0.0)
    mono: Values = np.clip(found.mean(axis=1, dtype=np.float32), -8.0, 8.0)
    return mono


def _spectra(mono: Values, count: int) -> tuple[Values, Values, Values]:
    """The bands [count, 40], and both levels [count], of windows whose middles are ``HOP`` samples apart."""
    need = (count - 1) * HOP + _WINDOW
    padded = np.pad(mono, (0, max(0, need - len(mono))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count]
    power = np.abs(np.fft.rfft(windows * _hann(), axis=1)).astype(np.float32) ** 2
    bands = np.sqrt(power @ _filters())
    scale = float((_hann() ** 2).sum()) * _WINDOW / 2
    low, high = (round(each * _WINDOW / SAMPLE_RATE) for each in _VOICE)
    return bands, _decibels(power[:, 1:].sum(axis=1) / scale), _decibels(power[:, low:high].sum(axis=1) / scale)


def _flux(bands: Values, before: Values | None) -> tuple[Values, Values]:
    """Growth against the window two hops earlier, so that slow attacks count; and what comes next needs."""
    logs = np.log1p(_LOUDER * bands / np.float32(_WINDOW))
    earlier = np.concatenate([before if before is not None else np.repeat(logs[:1], 2, axis=0), logs])
    grown = np.maximum(logs - earlier[: len(logs)], 0.0).sum(axis=1, dtype=np.float32)
    return grown, earlier[-2:]


def _decibels(power: Values) -> Values:
    found: Values = np.maximum(10 * np.log10(np.maximum(power, 1e-20)), _SILENT_DB).astype(np.float32)
    return found


@cache
def _hann() -> Values:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> Values:
    """Triangles [513, 40], evenly spaced in the logarithm of frequency, each at least one line of the spectrum wide."""
    lines = np.arange(_WINDOW // 2 + 1)
    edges = np.geomspace(_LOWEST, _HIGHEST, BANDS + 2) * _WINDOW / SAMPLE_RATE
    made = np.zeros((len(lines), BANDS), np.float32)
    for band in range(BANDS):
        low, middle, high = edges[band], edges[band + 1], edges[band + 2]
        low, high = min(low, middle - 1), max(high, middle + 1)
        made[:, band] = np.clip(np.minimum((lines - low) / (middle - low), (high - lines) / (high - middle)), 0, None)
    return made
