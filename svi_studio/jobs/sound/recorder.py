"""Records from a microphone into a WAV file that is whole up to its last second, whatever happens."""

import contextlib
import queue
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.jobs.sound.devices import SoundStream
from svi_studio.jobs.sound.input_device import Hear, SoundInputs, silence_hint
from svi_studio.jobs.sound.wav_stream import WavStream
from svi_studio.jobs.threads.owned_thread import OwnedThread

LOST_SECONDS: Final = 0.5
"""Without a block for so long the device is gone."""

WAKES_WITHIN: Final = 3.0
"""Seconds that may pass until the first block: some devices, those by radio above all, are asleep."""

_SILENT_SECONDS = 0.5
_WATCH_MS = 100

OpenDevice = Callable[[Hear, Callable[[], None]], SoundStream]

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded. ``captured_at`` is when the first sample was captured, on the clock of ``perf_counter``.

    ``remark`` is a sentence when it is not all that it should be, else empty.
    """

    file: Path
    samples: int
    captured_at: float
    remark: str = ""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples / SAMPLE_RATE

    def film_sample(self, heard_at: float, film_sample: float) -> int:
        """The film sample under which it begins, when ``film_sample`` was heard at the moment ``heard_at``.

        Both as the playback's clock says; it is before 0 when recording began before the film.
        """
        return round(film_sample + (self.captured_at - heard_at) * SAMPLE_RATE)


class Recorder(QObject):
    """A ``start`` ends with exactly one of ``finished`` (a Recording) or ``failed`` (a sentence).

    The device is opened, read and let go of in a thread: some drivers take seconds for that. ``opened``: it is open.
    ``level`` brings the peak, 0 to 1, some ten times a second; ``hinted`` a sentence when the microphone gives nothing
    but zeros. A device that goes away ends the recording; what was recorded until then is kept.
    """

    opened = Signal()
    finished = Signal(object)
    failed = Signal(str)
    level = Signal(float)
    hinted = Signal(str)

    def __init__(self, inputs: SoundInputs | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inputs = inputs or SoundInputs()
        self._writer: _Writer | None = None
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look)
        self._remark = ""
        self._hinted = False

    @property
    def is_recording(self) -> bool:
        """Whether it records now, or opens the device for that."""
        return self._writer is not None

    @property
    def is_open(self) -> bool:
        """Whether the device is open, so that what is spoken is heard."""
        return self._writer is not None and self._writer.is_open

    @property
    def seconds(self) -> float:
        """How much is recorded so far."""
        return self._writer.heard / SAMPLE_RATE if self._writer is not None else 0.0

    def start(self, file: Path, device: str = "") -> bool:
        """Records into ``file``, which must not be there yet, without waiting; False when it records already."""
        if self.is_recording:
            return False
        self._remark, self._hinted = "", False
        writer = self._writer = _Writer(file, partial(self._inputs.open, name=device), self)
        writer.opened.connect(self.opened)
        writer.ended.connect(self._ended)
        writer.start()
        self._watch.start()
        return True

    @Slot()
    def stop(self) -> None:
        """Ends the recording; ``finished`` follows when all is on the disk."""
        self._watch.stop()
        if self._writer is not None:
            self._writer.ask_to_stop()

    def close(self) -> bool:
        """Stops and waits; what was recorded stays on the disk. Nothing is emitted any more."""
        self.stop()
        writer, self._writer = self._writer, None
        if writer is None:
            return True
        writer.ended.disconnect(self._ended)
        return writer.stop_and_join()

    @Slot()
    def _look(self) -> None:
        writer = self._writer
        if writer is None or not writer.is_open:
            return
        self.level.emit(writer.take_peak())
        if writer.is_silent and not self._hinted and writer.heard >= _SILENT_SECONDS * SAMPLE_RATE:
            self._hinted = True
            self.hinted.emit(silence_hint())
        patience = LOST_SECONDS if writer.heard else WAKES_WITHIN
        gone = writer.stream_ended or perf_counter() - writer.heard_at > patience
        if gone or writer.is_full:
            self._remark = self.tr("The microphone is gone: what was recorded until then is kept.")
            if not gone:
                self._remark = self.tr("No file can hold more: the recording was ended here.")
            self.stop()

    @Slot()
    def _ended(self) -> None:
        writer, self._writer = self._writer, None
        self.stop()
        if writer is None:
            return
        problem, samples, at = writer.problem, writer.samples, writer.captured_at
        remark = self._remark or (self._lost_words(writer.lost) if writer.lost else "")
        writer.stop_and_join()
        writer.deleteLater()
        if samples and at is not None:
            self.finished.emit(Recording(writer.file, samples, at, problem or remark))
        else:
            nothing = self.tr("Nothing was recorded: the microphone gave no sound.")
            self.failed.emit(problem or self._remark or nothing)

    def _lost_words(self, times: int) -> str:
        said = self.tr("The computer was too busy: a moment of sound is missing at {count} places.")
        once = self.tr("The computer was too busy: a moment of sound is missing at one place.")
        return once if times == 1 else said.format(count=times)


class _Writer(OwnedThread):
    """Opens a device, and takes blocks from the system's thread to the disk; both may be slow."""

    opened = Signal()
    ended = Signal()

    def __init__(self, file: Path, open_device: OpenDevice, parent: QObject) -> None:
        super().__init__("recording", parent)
        self.file = file
        self._open_device = open_device
        self.is_open = False
        self.samples = self.heard = self.lost = 0
        self.captured_at: float | None = None
        self.heard_at = perf_counter()
        self.problem = ""
        self.is_full = self.stream_ended = False
        self._peak = 0.0
        self._loudest = 0.0
        self._blocks: queue.SimpleQueue[NDArray[np.float32] | None] = queue.SimpleQueue()

    @property
    def is_silent(self) -> bool:
        """Whether there was nothing but zeros so far."""
        return self._loudest == 0.0

    def hear(self, block: NDArray[np.float32], captured_at: float, lost: bool) -> None:
        """Takes a block; called in the system's thread, where an exception would end the stream without a word."""
        try:
            self.heard_at = perf_counter()
            if self.captured_at is None:
                self.captured_at = captured_at
            elif lost:
                self.lost += 1
            peak = float(np.abs(block).max(initial=0.0))
            self._peak, self._loudest = max(self._peak, peak), max(self._loudest, peak)
            self.heard += len(block)
            self._blocks.put(block)
        except Exception as error:
            self.problem = self.problem or str(error)

    def end_of_stream(self) -> None:
        """The stream ended, asked or not."""
        self.stream_ended = True

    def take_peak(self) -> float:
        """The highest sample since the last look."""
        peak, self._peak = self._peak, 0.0
        return min(peak, 1.0)

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        self._blocks.put(None)

    def run(self) -> None:
        stream: SoundStream | None = None
        try:
            stream = self._open_device(self.hear, self.end_of_stream)
            self.heard_at, self.is_open = perf_counter(), True
            self.opened.emit()
            self._write_all()
        except Exception as error:
            told = as_studio_error(error)
            self.problem = str(told or translate("Recorder", "The recording could not be written: try another folder."))
        finally:
            if stream is not None:
                _let_go(stream)
        self.ended.emit()

    def _write_all(self) -> None:
        stream: WavStream | None = None
        flushed = 0
        try:
            while (block := self._blocks.get()) is not None:
                if stream is None:
                    stream = WavStream(self.file, block.shape[1])
                if stream.is_full:
                    self.is_full = True
                    continue
                stream.write(block)
                self.samples = stream.samples
                if self.samples - flushed >= SAMPLE_RATE:
                    stream.flush()
                    flushed = self.samples
        finally:
            if stream is not None:
                stream.close()


def _let_go(stream: SoundStream) -> None:
    """A device that is gone may refuse even that."""
    for end in (stream.abort, stream.close):
        with contextlib.suppress(Exception):  # PortAudio's own kinds of errors, and there is nothing left to do
            end()
