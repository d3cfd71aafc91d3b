"""What a decoder gives as two channels of floats: every sample format, every number of channels."""

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import AudioFrame

Samples = NDArray[np.float32]
"""Sound as ``[n, 2]``, left and right; 1.0 is full scale."""

_HALF = 1 / sqrt(2)
_LEFT = {"FL": 1.0, "DL": 1.0, "FLC": _HALF, "SL": _HALF, "BL": _HALF, "WL": _HALF, "TFL": _HALF}
_RIGHT = {"FR": 1.0, "DR": 1.0, "FRC": _HALF, "SR": _HALF, "BR": _HALF, "WR": _HALF, "TFR": _HALF}
_MIDDLE = {"FC": _HALF, "BC": 0.5}
_NO_DIRECTION = {"LFE", "LFE2"}  # the deep effects channel is left out of stereo, as players do


def planar(frame: "AudioFrame") -> Samples:
    """The samples of a frame as float32 ``[channels, n]``; whole numbers become -1 to 1."""
    raw = frame.to_ndarray()
    channels = len(frame.layout.channels)
    if not frame.format.is_planar:
        raw = raw.reshape(-1, channels).T
    if raw.dtype == np.uint8:
        return np.asarray((raw.astype(np.float32) - 128) / 128, np.float32)
    if raw.dtype.kind == "i":
        return np.asarray(raw * (1.0 / 2 ** (raw.dtype.itemsize * 8 - 1)), np.float32)
    with np.errstate(over="ignore"):  # a double of a hostile file
        return np.asarray(raw, np.float32)


def stereo(sound: Samples, places: Sequence[str]) -> Samples:
    """Sound ``[channels, n]`` as ``[n, 2]``; ``places`` says where each channel stands, as ffmpeg names them.

    One channel is heard as loud on both sides, two stay as they are, more are mixed so that they never get louder than
    full scale. Channels without a place go to the left and to the right in turn.
    """
    if len(sound) == 1:
        return np.repeat(sound.T, 2, axis=1)
    if len(sound) == 2:
        return np.ascontiguousarray(sound.T)
    return np.asarray(sound.T @ _matrix(places), np.float32)


def _matrix(places: Sequence[str]) -> Samples:
    """Factors ``[channels, 2]``; those of each side add up to 1."""
    sides = [[side.get(place, _MIDDLE.get(place, 0.0)) for side in (_LEFT, _RIGHT)] for place in places]
    matrix = np.array(sides, np.float32)
    known = matrix.any(axis=1) | np.isin(np.asarray(places), sorted(_NO_DIRECTION))
    if not known.all() or not matrix.any(axis=0).all():
        matrix = np.array([[number % 2 == 0, number % 2 == 1] for number in range(len(places))], np.float32)
    return np.asarray(matrix / matrix.sum(axis=0), np.float32)
