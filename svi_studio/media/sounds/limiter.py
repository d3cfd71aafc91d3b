"""Keeps a mix below full scale: what gets too loud is turned down in time, smoothly, and everything stays in its place.

It looks ahead instead of delaying, and remembers no more than 60 ms: a film that is mixed in blocks, from anywhere on,
is the same film to the last bit.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.sounds.stereo import Samples

CEILING: Final = 10 ** (-1 / 20)
"""-1 dB of full scale: what the loudest sample may reach, so that AAC has room above it."""

_AHEAD = 480  # samples in which the sound is turned down, and up again
_HOLD = 2400  # samples that it stays so, longer than a wave of the lowest tone
BEFORE: Final = _AHEAD + _HOLD
AFTER: Final = _AHEAD
"""Samples before and after a block that decide how loud it is."""

_RISE = np.hanning(_AHEAD + 3)[1:-1] / np.hanning(_AHEAD + 3).sum()

Gains = NDArray[np.float64]


def limited(sound: Samples) -> Samples:
    """The middle of ``sound`` ``[BEFORE + n + AFTER, 2]``, ``[n, 2]``, nowhere louder than ``CEILING``.

    Both sides are turned down alike. What is quiet enough comes out as it went in.
    """
    middle = sound[BEFORE : len(sound) - AFTER]
    peaks = np.abs(sound).max(axis=1)
    if not len(middle) or peaks.max() <= CEILING:
        return middle
    needed = CEILING / np.maximum(peaks.astype(np.float64), CEILING)
    least = _sliding_minimum(needed, BEFORE + 1)  # of what lies up to _HOLD before and _AHEAD after each sample
    gains = np.convolve(least, _RISE, "valid")
    return np.clip(middle * gains[:, None], -CEILING, CEILING).astype(np.float32)


def _sliding_minimum(values: Gains, width: int) -> Gains:
    """The least of every ``width`` neighbours, ``len(values) - width + 1`` of them (van Herk 1992)."""
    padded = np.pad(values, (0, -len(values) % width), constant_values=1.0).reshape(-1, width)
    forwards = np.minimum.accumulate(padded, axis=1).reshape(-1)
    backwards = np.minimum.accumulate(padded[:, ::-1], axis=1)[:, ::-1].reshape(-1)
    count = len(values) - width + 1
    return np.minimum(backwards[:count], forwards[width - 1 : width - 1 + count])
