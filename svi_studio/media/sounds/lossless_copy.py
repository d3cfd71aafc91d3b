"""The lossless copy of a sound: FLAC of 24 bits at 48 kHz in stereo, written and read by libsndfile."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.sounds.stereo import Samples

_FULL = 1 << 23  # of 24 bits
_FAST = 0.25  # of the effort that FLAC can make: more makes it hardly smaller
_STRETCH = 1 << 14  # samples that are decoded at once
_KEPT = 64  # stretches, 8 MB


class TooLoud(Exception):  # noqa: N818 - says what it is
    """A sample is beyond what the copy holds at its scale."""

    def __init__(self, peak: float) -> None:
        super().__init__(peak)
        self.peak = peak


class CopyWriter:
    """One copy in the making, at a path that is free."""

    def __init__(self, path: Path, scale: float) -> None:
        """``scale``: the level of the largest number that it holds, a power of two, 1.0 = full scale."""
        import soundfile  # noqa: PLC0415 - late: the window is on the screen before any sound is read

        self._scale = scale
        self._file = soundfile.SoundFile(path, "w", SAMPLE_RATE, 2, "PCM_24", format="FLAC", compression_level=_FAST)

    def take(self, sound: Samples) -> float:
        """Adds samples ``[n, 2]``, n >= 1; returns the loudest. Raises TooLoud, and soundfile's own errors."""
        peak = float(np.abs(sound).max())
        if peak > self._scale:
            raise TooLoud(peak)
        numbers = np.minimum(np.round(sound * np.float32(_FULL / self._scale)), _FULL - 1).astype(np.int32)
        self._file.write(numbers << 8)
        return peak

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


class CopyReader:
    """Any samples of a copy, by number; what was read last is remembered. Used by one thread at a time."""

    def __init__(self, path: Path, scale: float, samples: int) -> None:
        """Raises StudioError when it cannot be opened or is not ``samples`` long."""
        import soundfile  # noqa: PLC0415 - late, as above

        self._path, self._scale, self._samples = path, np.float32(scale), samples
        self._kept: OrderedDict[int, Samples] = OrderedDict()
        self._open, self._is_open = ExitStack(), True
        with self._plain_errors():
            self._file = self._open.enter_context(soundfile.SoundFile(path))
        if (self._file.frames, self._file.channels, self._file.samplerate) != (samples, 2, SAMPLE_RATE):
            raise self._damaged()

    def read(self, first: int, count: int) -> Samples:
        """Samples ``[count, 2]`` from ``first`` on, silence where the sound is not. Raises StudioError."""
        found = np.zeros((count, 2), np.float32)
        begin, end = max(first, 0), min(first + count, self._samples)
        while begin < end:
            number, skipped = divmod(begin, _STRETCH)
            part = self._stretch(number)[skipped : skipped + end - begin]
            found[begin - first : begin - first + len(part)] = part
            begin += len(part)
        return found

    def close(self) -> None:
        """Lets go of the file."""
        self._is_open = False
        self._open.close()

    def _stretch(self, number: int) -> Samples:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        with self._plain_errors():
            if self._file.tell() != number * _STRETCH:
                self._file.seek(number * _STRETCH)
            sound: Samples = self._file.read(_STRETCH, dtype="float32", always_2d=True) * self._scale
        if len(sound) < min(_STRETCH, self._samples - number * _STRETCH):
            raise self._damaged()
        self._kept[number] = sound
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return sound

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        import soundfile  # noqa: PLC0415

        try:
            yield
        except (soundfile.SoundFileError, OSError, ValueError) as error:
            raise self._damaged() from error

    def _damaged(self) -> StudioError:
        """What to say of a copy that cannot be read any more; it goes, so that it is made anew the next time."""
        if self._is_open:  # later reads say nothing of the file there, which may have been made anew
            self.close()  # Windows deletes no file that is open
            with suppress(OSError):
                self._path.unlink()
        return StudioError(f'The prepared sound "{self._path}" was damaged and was thrown away: do it again.')
