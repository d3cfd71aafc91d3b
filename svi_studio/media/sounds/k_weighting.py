"""How loud people hear a sound, in tenths of a second: the weighting and the gates of ITU-R BS.1770-4."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.sounds.stereo import Samples

if TYPE_CHECKING:
    from av.filter import Graph

HOP: Final = SAMPLE_RATE // 10
"""Samples of a tenth of a second; the standard measures in blocks of four of them."""

_BLOCK = 4
_ABSOLUTE_GATE = -70.0  # LUFS
_RELATIVE_GATE = -10.0  # LU below the mean of what passes the first gate
_OFFSET = -0.691  # dB, so that a sine of 1 kHz at full scale on one side has -3.01 LUFS
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
"""b0, b1, b2, a1, a2 at 48 kHz, tables 1 and 2 of the standard."""

Energies = NDArray[np.float32]
"""The mean squares of the weighted samples of both sides, added, one for each tenth of a second."""


class EnergyMeter:
    """Weighs a sound that comes in pieces."""

    def __init__(self) -> None:
        self._graph = _graph()
        self._rest = np.zeros((0, 2), np.float32)
        self._found: list[Energies] = []

    def take(self, sound: Samples) -> None:
        """Adds samples ``[n, 2]``."""
        for weighted in _pushed(self._graph, sound):
            self._add(weighted)

    def energies(self) -> Energies:
        """All of them, of a sound that is over; what is left of a tenth of a second counts only in a shorter sound."""
        for weighted in _pushed(self._graph, None):
            self._add(weighted)
        if not self._found and len(self._rest):
            return np.array([np.mean(self._rest.astype(np.float64) ** 2) * 2], np.float32)
        return np.concatenate(self._found) if self._found else np.zeros(0, np.float32)

    def _add(self, weighted: Samples) -> None:
        sound = np.concatenate([self._rest, weighted])
        whole = len(sound) // HOP * HOP
        blocks = sound[:whole].reshape(-1, HOP * 2)
        if whole:
            self._found.append(np.einsum("bs,bs->b", blocks, blocks, dtype=np.float64).astype(np.float32) / HOP)
        self._rest = sound[whole:]


def integrated(energies: Energies) -> float | None:
    """The loudness in LUFS of a sound with these energies; None for one too silent to be measured."""
    blocks = _blocks(energies)
    loud = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return None
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(10 * np.log10(loud.mean()) + _OFFSET)


def _blocks(energies: Energies) -> NDArray[np.float64]:
    """The energies of blocks of 0.4 s, each 0.1 s after the one before; a sound that is shorter is one block."""
    if len(energies) < _BLOCK:
        return np.array([energies.mean(dtype=np.float64)]) if len(energies) else np.zeros(0)
    sums = np.cumsum(np.append(0.0, energies.astype(np.float64)))
    return np.asarray((sums[_BLOCK:] - sums[:-_BLOCK]) / _BLOCK)


def _power(lufs: float) -> float:
    return math.pow(10, (lufs - _OFFSET) / 10)


def _graph() -> "Graph":
    from fractions import Fraction  # noqa: PLC0415

    import av.filter  # noqa: PLC0415 - late, as everywhere

    graph = av.filter.Graph()
    base = Fraction(1, SAMPLE_RATE)
    steps = [
        graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=base),
        graph.add("biquad", _arguments(_SHELF)),
        graph.add("biquad", _arguments(_HIGH_PASS)),
        graph.add("aformat", "sample_fmts=fltp"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*steps).configure()
    return graph


def _arguments(values: tuple[float, ...]) -> str:
    names = ("b0", "b1", "b2", "a1", "a2")
    return ":".join([*(f"{name}={value}" for name, value in zip(names, values, strict=True)), "a0=1", "precision=f64"])


def _pushed(graph: "Graph", sound: Samples | None) -> Iterator[Samples]:
    import av  # noqa: PLC0415

    if sound is None:
        graph.push(None)
    else:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        graph.push(frame)
    while True:
        try:
            yield np.ascontiguousarray(graph.pull().to_ndarray().T)
        except (av.BlockingIOError, av.EOFError):
            return
