"""A sound as wav2vec2 hears it: one channel at 16 kHz, as loud as all others, with mean 0 and variance 1."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from numpy.typing import NDArray

from svi_studio.disk.atomic import plain_errors
from svi_studio.domain.errors import Stopped
from svi_studio.domain.film import sound_time
from svi_studio.engine.conditions.sound_features import SAMPLE_RATE, SMALLEST_VARIANCE
from svi_studio.media.sounds.loudness import talk_gain
from svi_studio.media.sounds.sound_store import ready_sound, sounds_folder

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.media.sounds.ready_sound import ReadySound

Mono = NDArray[np.float32]

STOPPED = "The render was stopped while the film's sound was listened to; finished clips are kept."

_BLOCK = 10 * sound_time.SAMPLE_RATE


class HeardSound:
    """One file's sound. Its samples lie in a temporary file, so that an hour of it takes no memory."""

    def __init__(self, file: Path, should_stop: Callable[[], bool]) -> None:
        """Reads the whole sound once. Raises BadInput for a file without sound, DiskFull, Stopped."""
        self._should_stop = should_stop
        with ready_sound(file, should_stop=should_stop) as sound, plain_errors(sounds_folder()):
            # beside the ready sound: the usual folder for temporary files often lies in memory
            self._file = tempfile.TemporaryFile(prefix="svi-heard-", dir=sounds_folder())  # noqa: SIM115 - see `close`
            self.samples = 0
            try:
                for block in _mono(sound):
                    self._file.write(block.data)
                    self.samples += len(block)
                self._file.flush()
                self._gain = talk_gain(self._blocks(), SAMPLE_RATE)
                self._mean, self._deviation = self._moments()
            except BaseException:
                self.close()
                raise

    def standardised(self, begin: int, end: int) -> Mono:
        """The samples `begin` up to, not including, `end`, standardised by the whole sound: float32 `[end - begin]`."""
        loud = self._read(begin, end).astype(np.float64) * self._gain
        return ((loud - self._mean) / self._deviation).astype(np.float32)

    def close(self) -> None:
        """Lets go of the samples."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, begin: int, end: int) -> Mono:
        self._file.seek(begin * 4)
        return np.frombuffer(self._file.read((end - begin) * 4), np.float32)

    def _blocks(self) -> Iterator[Mono]:
        step = 60 * SAMPLE_RATE
        for begin in range(0, self.samples, step):
            if self._should_stop():
                raise Stopped(STOPPED)
            yield self._read(begin, min(begin + step, self.samples))

    def _moments(self) -> tuple[float, float]:
        """Mean and deviation of the loud sound, in two passes: a sum of squares alone loses digits."""
        count = max(1, self.samples)
        mean = sum(float(block.sum(dtype=np.float64)) for block in self._blocks()) / count
        spread = sum(float(np.square(block.astype(np.float64) - mean).sum()) for block in self._blocks()) / count
        return mean * self._gain, float(np.sqrt(spread * self._gain**2 + SMALLEST_VARIANCE))


def _mono(sound: ReadySound) -> Iterator[Mono]:
    """The mean of both sides at 16 kHz, from the first sample on."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
    for first in range(0, sound.samples, _BLOCK):
        block = sound.read(first, min(_BLOCK, sound.samples - first)).mean(axis=1, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[None]), format="fltp", layout="mono")
        frame.sample_rate = sound_time.SAMPLE_RATE
        yield from (np.ascontiguousarray(out.to_ndarray()[0]) for out in resampler.resample(frame))
    yield from (np.ascontiguousarray(out.to_ndarray()[0]) for out in resampler.resample(None))
