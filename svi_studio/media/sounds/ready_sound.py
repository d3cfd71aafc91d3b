"""A sound that is ready: any of its samples, its shape at any zoom, and its loudness, without decoding a file again."""

import threading
from pathlib import Path
from typing import Self

import numpy as np

from svi_studio.media.sounds import peaks
from svi_studio.media.sounds.facts import Measured, SoundFacts
from svi_studio.media.sounds.k_weighting import HOP, integrated
from svi_studio.media.sounds.lossless_copy import CopyReader
from svi_studio.media.sounds.peaks import Columns
from svi_studio.media.sounds.stereo import Samples

MODEL_LUFS = -23.0
"""As loud as broadcasters bring everything, and as the authors bring the sound that their model hears (EBU R 128)."""


class ReadySound:
    """One sound at 48 kHz in stereo. Any thread may read it; ``close`` lets go of its files."""

    def __init__(self, copy: Path, measured: Measured) -> None:
        """For ``find_sound`` and ``ready_sound``, which are the ways to get one. Raises StudioError."""
        self.facts: SoundFacts = measured.facts
        self._levels, self._energies = measured.levels, measured.energies
        self._copy = CopyReader(copy, self.facts.scale, self.facts.samples)
        self._lock = threading.Lock()

    @property
    def samples(self) -> int:
        """Its length."""
        return self.facts.samples

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples ``[count, 2]`` from ``first`` on, silence where the sound is not; 1.0 is full scale.

        Raises StudioError when the copy was damaged or taken away meanwhile.
        """
        with self._lock:
            return self._copy.read(first, count)

    def columns(self, first: float, per_column: float, count: int) -> Columns:
        """Its shape in ``count`` >= 1 columns of ``per_column`` > 0 samples, the first of which begins at ``first``.

        Costs about a millisecond at any zoom; below 256 samples a column the samples themselves are read, which must
        have been decoded first and may cost some milliseconds more. Raises StudioError as ``read``.
        """
        if per_column >= peaks.BLOCK:
            return peaks.columns(self._levels, self.facts.scale, first, per_column, count)
        edges = np.floor(first + np.arange(count + 1) * per_column).astype(np.int64)
        begin, end = int(edges[0]), max(int(edges[-1]), int(edges[0]) + 1)
        return peaks.sample_columns(self.read(begin, end - begin), edges - begin)

    def loudness(self, first: int = 0, count: int | None = None) -> float | None:
        """How loud people hear ``count`` samples from ``first`` on, in LUFS, as ITU-R BS.1770-4 measures it.

        To a tenth of a second. None where it is too silent to be measured.
        """
        last = self.samples if count is None else first + count
        begin = min(max(round(first / HOP), 0), len(self._energies) - 1)
        end = min(max(round(last / HOP), begin + 1), len(self._energies))
        return integrated(self._energies[begin:end])

    def gain_to(self, lufs: float = MODEL_LUFS, first: int = 0, count: int | None = None) -> float | None:
        """The factor that brings that part to ``lufs``; None where it is too silent to be measured."""
        found = self.loudness(first, count)
        return None if found is None else float(10 ** ((lufs - found) / 20))

    def close(self) -> None:
        """Lets go of its files; it is not read any more."""
        with self._lock:
            self._copy.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
