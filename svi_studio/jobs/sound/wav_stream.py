"""A WAV file that grows: after each flush it can be read up to there, whatever happens next."""

import os
import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import StudioError, from_os_error
from svi_studio.domain.film.sound_time import SAMPLE_RATE

_BYTES = 3  # 24 bits: as good as any microphone, and read by every program
_HEAD: Final = 44
MOST_BYTES: Final = 0xFFFF_FF00 - _HEAD
"""What the header of a WAV can say: eight hours in mono."""


class WavStream:
    """48 kHz, 24 bits. Raises DiskFull or StudioError when the file cannot be written."""

    def __init__(self, path: Path, channels: int) -> None:
        """Makes the file, which must not be there yet."""
        self._path, self._channels = path, channels
        self._written = 0
        try:
            self._file = path.open("xb")
        except OSError as error:
            raise from_os_error(error, path) from error
        try:
            self._put(self._head())
        except StudioError:
            self._file.close()
            path.unlink(missing_ok=True)
            raise

    @property
    def samples(self) -> int:
        """How many samples of each channel are in it."""
        return self._written // (_BYTES * self._channels)

    @property
    def is_full(self) -> bool:
        """Whether a WAV can hold no more."""
        return self._written >= MOST_BYTES - SAMPLE_RATE * _BYTES * self._channels

    def write(self, sound: NDArray[np.float32]) -> None:
        """Adds samples [n, channels], -1 to 1; what is louder is cut off, what is no number is silent."""
        clean = np.clip(np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        whole = np.round(clean * (2**23 - 1)).astype("<i4")
        packed = whole.reshape(-1, 1).view(np.uint8)[:, :_BYTES].tobytes()
        self._put(packed)
        self._written += len(packed)

    def flush(self) -> None:
        """Says in the header how long it is, and brings all to the disk."""
        try:
            self._file.seek(0)
            self._file.write(self._head())
            self._file.seek(0, os.SEEK_END)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise from_os_error(error, self._path) from error

    def close(self) -> None:
        """Flushes for the last time and lets go of the file."""
        try:
            if not self._file.closed:
                self.flush()
        finally:
            self._file.close()

    def _put(self, content: bytes) -> None:
        try:
            self._file.write(content)
        except OSError as error:
            raise from_os_error(error, self._path) from error

    def _head(self) -> bytes:
        frame = _BYTES * self._channels
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF",
            self._written + _HEAD - 8,
            b"WAVE",
            b"fmt ",
            16,
            1,
            self._channels,
            SAMPLE_RATE,
            SAMPLE_RATE * frame,
            frame,
            _BYTES * 8,
            b"data",
            self._written,
        )
