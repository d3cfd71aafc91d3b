"""The loudness to which Talk's program brings every sound before it listens: that of ITU-R BS.1770-4, for one channel.

The filters and the gates are those of the program that the authors use, pyloudnorm, with its way of cutting blocks and
of rounding to 32 bits, so that the factor is theirs to the last digit. How loud a film is for people is measured
elsewhere, at 48 kHz.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TALK_LOUDNESS = -23.0  # LUFS
_NOT_MEASURED = 100.0  # LUFS or more from 0: silence, which stays as it is
_BLOCK = 0.4  # seconds
_STEP = 1 - 0.75  # of a block
_OFFSET = -0.691  # dB
_ABSOLUTE_GATE = -70.0  # LUFS
_RELATIVE_GATE = -10.0  # LU
_ROW = 64  # samples that are filtered by one product of matrices

Sound = NDArray[np.float64]


class Biquad(NamedTuple):
    """A filter of second order, `a0` = 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def talk_gain(pieces: Iterable[NDArray[np.floating]], rate: int) -> float:
    """The factor that brings a sound of one channel, in `pieces`, to -23 LUFS; 1 for one too silent or too short."""
    found = loudness(pieces, rate)
    return 1.0 if abs(found) > _NOT_MEASURED else float(np.power(10.0, (TALK_LOUDNESS - found) / 20.0))


def loudness(pieces: Iterable[NDArray[np.floating]], rate: int) -> float:
    """The integrated loudness in LUFS of one channel of `rate` samples a second; minus infinity where there is none."""
    meter = _BlockMeter(rate)
    filters = [RowFilter(high_shelf(rate)), RowFilter(high_pass(rate))]
    for piece in pieces:
        sound = np.asarray(piece, np.float32)
        for each in filters:
            sound = each.filtered(sound.astype(np.float64)).astype(np.float32)
        meter.take(sound)
    return _gated(meter.energies())


def high_shelf(rate: int, *, gain: float = 4.0, q: float = 1 / math.sqrt(2), corner: float = 1500.0) -> Biquad:
    """How a head lifts high tones: R. Bristow-Johnson's shelf of `gain` dB above `corner` Hz."""
    a, (cos, alpha) = 10 ** (gain / 40), _angle(rate, q, corner)
    root = 2 * math.sqrt(a) * alpha
    b = (
        a * ((a + 1) + (a - 1) * cos + root),
        -2 * a * ((a - 1) + (a + 1) * cos),
        a * ((a + 1) + (a - 1) * cos - root),
    )
    return _normal(b, ((a + 1) - (a - 1) * cos + root, 2 * ((a - 1) - (a + 1) * cos), (a + 1) - (a - 1) * cos - root))


def high_pass(rate: int, *, q: float = 0.5, corner: float = 38.0) -> Biquad:
    """How little deep tones count: R. Bristow-Johnson's high-pass at `corner` Hz."""
    cos, alpha = _angle(rate, q, corner)
    return _normal(((1 + cos) / 2, -(1 + cos), (1 + cos) / 2), (1 + alpha, -2 * cos, 1 - alpha))


def _angle(rate: int, q: float, corner: float) -> tuple[float, float]:
    omega = 2 * math.pi * corner / rate
    return math.cos(omega), math.sin(omega) / (2 * q)


def _normal(b: Sequence[float], a: Sequence[float]) -> Biquad:
    return Biquad(b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0])


class RowFilter:
    """Filters a sound that comes in pieces, a row of samples by one product of matrices.

    A recursive filter is linear: what comes out of a row is what its samples cause and what the state before it causes.
    """

    def __init__(self, biquad: Biquad) -> None:
        self._state = (0.0, 0.0)
        outs, states = _responses(biquad, _ROW)
        self._of_samples, self._of_state = outs[:_ROW], outs[_ROW:]
        self._next_of_samples, self._next_of_state = states[:_ROW], states[_ROW:].T
        self._biquad = biquad

    def filtered(self, sound: Sound) -> Sound:
        """What comes out for the next samples `[n]`."""
        whole = len(sound) // _ROW * _ROW
        rows = sound[:whole].reshape(-1, _ROW)
        states = self._states(rows @ self._next_of_samples)
        heard = (rows @ self._of_samples + states @ self._of_state).reshape(-1)
        return np.concatenate([heard, self._one_by_one(sound[whole:])])

    def _states(self, added: Sound) -> Sound:
        """The state before each row, given what each row adds to the state behind it."""
        (a, b), (c, d) = self._next_of_state.tolist()
        one, two = self._state
        found = []
        for first, second in added.tolist():
            found.append((one, two))
            one, two = a * one + b * two + first, c * one + d * two + second
        self._state = (one, two)
        return np.array(found, np.float64).reshape(-1, 2)

    def _one_by_one(self, sound: Sound) -> Sound:
        b0, b1, b2, a1, a2 = self._biquad
        one, two = self._state
        found = []
        for sample in sound.tolist():
            out = b0 * sample + one
            one, two = b1 * sample - a1 * out + two, b2 * sample - a2 * out
            found.append(out)
        self._state = (one, two)
        return np.array(found, np.float64)


def _responses(biquad: Biquad, length: int) -> tuple[Sound, Sound]:
    """What comes of a unit at each of `length` samples and in each state: `[length + 2, length]`, `[length + 2, 2]`."""
    b0, b1, b2, a1, a2 = biquad
    inputs = np.vstack([np.eye(length), np.zeros((2, length))])
    one, two = np.zeros(length + 2), np.zeros(length + 2)
    one[length], two[length + 1] = 1.0, 1.0
    outs = np.empty_like(inputs)
    for place in range(length):
        outs[:, place] = b0 * inputs[:, place] + one
        one, two = b1 * inputs[:, place] - a1 * outs[:, place] + two, b2 * inputs[:, place] - a2 * outs[:, place]
    return outs, np.stack([one, two], axis=1)


class _BlockMeter:
    """Mean squares of blocks of 0.4 s that begin every 0.1 s, of a sound that comes in pieces."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._begin = 0  # of what is waiting
        self._waiting: NDArray[np.float32] = np.zeros(0, np.float32)
        self._found: list[float] = []

    def take(self, sound: NDArray[np.float32]) -> None:
        """Adds samples `[n]`."""
        self._waiting = np.concatenate([self._waiting, sound])
        while self._begin + len(self._waiting) >= self._edge(len(self._found) + 4):
            self._measure()
        rest = self._edge(len(self._found)) - self._begin
        self._waiting, self._begin = self._waiting[rest:], self._begin + rest

    def energies(self) -> Sound:
        """Of all blocks; as many as the program counts, of which the last may reach beyond the sound's end."""
        seconds = (self._begin + len(self._waiting)) / self._rate
        count = int(np.round((seconds - _BLOCK) / (_BLOCK * _STEP)) + 1) if seconds >= _BLOCK else 0
        while len(self._found) < count:
            self._measure()
        return np.array(self._found[:count], np.float64)

    def _measure(self) -> None:
        first, stop = (self._edge(len(self._found) + more) - self._begin for more in (0, 4))
        squares = np.square(self._waiting[first:stop])
        self._found.append(float(1.0 / (_BLOCK * self._rate) * np.sum(squares)))

    def _edge(self, number: int) -> int:
        """Where a block begins, and the fourth before it ends, in samples: every 0.1 s, cut to a whole one."""
        return int(_BLOCK * (number * _STEP) * self._rate)


def _gated(energies: Sound) -> float:
    with np.errstate(divide="ignore"):
        levels = _OFFSET + 10 * np.log10(energies)
    loud = energies[levels >= _ABSOLUTE_GATE]
    if not len(loud):
        return -math.inf
    relative = _OFFSET + 10 * math.log10(loud.mean()) + _RELATIVE_GATE
    loud = energies[(levels > relative) & (levels > _ABSOLUTE_GATE)]
    return _OFFSET + 10 * math.log10(loud.mean()) if len(loud) else -math.inf
