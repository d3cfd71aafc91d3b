"""A recording from the microphone becomes a piece of sound under the film, where it was spoken."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, Signal, Slot

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.sound.sound_import import SoundImport
from svi_studio.domain.film.sound_time import exact_rate, frame_of, sample_of

if TYPE_CHECKING:
    from svi_studio.jobs.sound.recorder import Recorder, Recording


class TakeRecording(QObject):
    """``changed``: whether it records, how long, how loud. ``refused`` and ``hinted`` carry a sentence.

    What was spoken stays in the temporary folder until it lies under the film. ``over``: it does, or came to nothing.
    """

    changed = Signal()
    over = Signal()
    refused = Signal(str)
    hinted = Signal(str)

    def __init__(
        self,
        playhead: Playhead,
        sound_import: SoundImport,
        parent: QObject | None = None,
        recorder: "Recorder | None" = None,
        device: Callable[[], str] = lambda: "",
    ) -> None:
        """``device`` names the microphone that is wished for now, "" = the usual one."""
        super().__init__(parent)
        self._playhead, self._import, self._device = playhead, sound_import, device
        self._recorder: Recorder | None = None
        if recorder is not None:
            self._use(recorder)
        self._folder: Path | None = None
        self._on_its_way: set[Path] = set()
        self._began_at, self._began_frame = 0.0, 0
        self._plays = False
        self.level = 0.0
        playhead.moved.connect(self._played)

    @property
    def is_recording(self) -> bool:
        """Whether it records, or opens the microphone for that."""
        return self._recorder is not None and self._recorder.is_recording

    @property
    def is_heard(self) -> bool:
        """Whether the microphone is open, so that what is spoken is recorded."""
        return self._recorder is not None and self._recorder.is_open

    @property
    def is_under_way(self) -> bool:
        """Whether something is spoken, or was, and does not lie under the film yet."""
        return self.is_recording or bool(self._on_its_way)

    @property
    def seconds(self) -> float:
        """How much is recorded so far."""
        return 0.0 if self._recorder is None else self._recorder.seconds

    def start(self) -> bool:
        """Records from the playhead on, as soon as the microphone is open; False when it does already."""
        if self.is_recording:
            return False
        self._folder = Path(tempfile.mkdtemp(prefix="svi-recording-"))
        stamp = QDateTime.currentDateTime().toString("yyyy-MM-dd HH-mm-ss")
        self._began_frame, self._began_at = self._playhead.frame, perf_counter()
        self._plays = False
        file = self._folder / f"{self.tr('Recording')} {stamp}.wav"
        started = self._microphone().start(file, self._device())
        self.changed.emit()
        return started

    @Slot()
    def stop(self) -> None:
        """Ends it; the take is laid under the film."""
        if self._recorder is not None:
            self._recorder.stop()
        self.changed.emit()

    def close(self) -> bool:
        """Ends it; what does not lie under the film yet stays on the disk. Returns whether its thread has ended."""
        ended = self._recorder is None or self._recorder.close()
        if self._folder is not None:
            with suppress(OSError):
                self._folder.rmdir()  # only when nothing was spoken
        return ended

    def _microphone(self) -> "Recorder":
        """What records; it comes with the first recording."""
        from svi_studio.jobs.sound.recorder import Recorder  # noqa: PLC0415

        return self._recorder or self._use(Recorder(parent=self))

    def _use(self, recorder: "Recorder") -> "Recorder":
        self._recorder = recorder
        recorder.opened.connect(self.changed)
        recorder.level.connect(self._show_level)
        recorder.finished.connect(self._finished)
        recorder.failed.connect(self._failed)
        recorder.hinted.connect(self.hinted)
        return recorder

    @Slot(int)
    def _played(self, frame: int) -> None:
        """Spoken to the film as it plays: the take is laid by the first frame that came meanwhile."""
        if self.is_recording and self._playhead.rate == 1 and not self._plays:
            self._plays = True
            self._began_at, self._began_frame = perf_counter(), frame

    @Slot(float)
    def _show_level(self, level: float) -> None:
        self.level = level
        self.changed.emit()

    @Slot(object)
    def _finished(self, recording: "Recording") -> None:
        self.level = 0.0
        rate = exact_rate(self._playhead.fps)
        first = sample_of(self._began_frame, rate)
        if self._plays:  # a film at rest stays where it is while the microphone opens
            first = recording.film_sample(self._began_at, first)
        if recording.remark:
            self.refused.emit(recording.remark)
        self._on_its_way.add(recording.file)
        self._import.bring_in([recording.file], frame_of(first, rate), partial(self._brought, recording.file))
        self.changed.emit()

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self.level = 0.0
        self.refused.emit(sentence)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self.changed.emit()
        self.over.emit()

    def _brought(self, file: Path, laid: bool) -> None:
        self._on_its_way.discard(file)
        if laid:
            shutil.rmtree(file.parent, ignore_errors=True)
        else:
            self.hinted.emit(self.tr("The recording is not lost: it is kept as {file}.").format(file=file))
        self.over.emit()
