"""Where notes, syllables and beats of a drum begin: peaks of the growth of the spectrum."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.sounds.features import HOP, SoundFeatures

_NEAR = 3  # hops: a peak is the highest within 30 ms
_AROUND = 15
_GAP = 5  # hops: two onsets are at least 50 ms apart
_ABOVE_MEAN, _ABOVE_USUAL = 1.6, 0.6  # noise grows all the time, too
_STANDS_OUT = 0.12  # of the sound's own strong onsets
_LEAST = 1.5  # growth, summed over the bands, below which nothing is an onset
LATE: Final = -0.15
"""Hops from the highest growth to what is heard, measured on clicks and drums."""

Values = NDArray[np.float32]


def find_onsets(features: SoundFeatures) -> tuple[int, ...]:
    """The onsets of a sound, in samples."""
    flux = features.flux
    if len(flux) < 3:
        return ()
    strong = float(np.percentile(flux, 99))
    always = _ABOVE_USUAL * float(np.median(flux))
    needed = _ABOVE_MEAN * mean_around(flux, _AROUND) + always + max(_STANDS_OUT * strong, _LEAST)
    peaks = np.flatnonzero((flux >= _highest_around(flux, _NEAR)) & (flux >= needed))
    found: list[int] = []
    for place in peaks:
        if not found or place - found[-1] >= _GAP:
            found.append(int(place))
        elif flux[place] > flux[found[-1]]:
            found[-1] = int(place)
    return tuple(min(max(round((place + between(flux, place) + LATE) * HOP), 0), features.samples) for place in found)


def between(values: Values, place: int) -> float:
    """How far, in steps of -0.5 to 0.5, the top of a parabola lies from the peak at ``place``."""
    if not 0 < place < len(values) - 1:
        return 0.0
    left, middle, right = (float(each) for each in values[place - 1 : place + 2])
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else min(max(0.5 * (left - right) / bend, -0.5), 0.5)


def mean_around(values: Values, reach: int) -> Values:
    """The mean of the values [n] up to ``reach`` places to both sides of each; [n]."""
    wide = 2 * reach + 1
    padded = np.pad(values, reach, mode="edge") if len(values) else values
    return np.convolve(padded, np.ones(wide, np.float32) / wide, mode="valid").astype(np.float32)[: len(values)]


def _highest_around(values: Values, reach: int) -> Values:
    padded = np.pad(values, reach, mode="edge")
    highest: Values = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    return highest
