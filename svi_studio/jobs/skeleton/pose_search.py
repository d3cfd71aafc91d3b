"""A search for people in one video: its pictures first, then the skeleton of one of them; in a process of its own."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QProcess, Signal, Slot

from svi_studio.domain.poses.search_events import (
    SearchDone,
    SearchEvent,
    SearchFailed,
    SearchProgress,
    VideoLook,
    VideoOpened,
)
from svi_studio.jobs.worker.program import last_line, prepare_process, stand_back
from svi_studio.own_python import python_command
from svi_studio.pipes.messages import Messages
from svi_studio.pipes.packets import PacketError

_EVENTS = Messages[SearchEvent](SearchEvent)
_KEPT_ERRORS = 16 << 10  # bytes
_LONGEST_LINE = 16 << 20
_END_MS = 2000

translate = QCoreApplication.translate
Person = tuple[float, float, float]
"""Where somebody is clicked: x and y in pixels of the video, and the moment in seconds."""


def search_command() -> tuple[str, ...]:
    """The command that looks through a video."""
    return python_command("svi_studio.media.poses.search_process")


class PoseSearch(QObject):
    """Lives in the window's thread and never waits, except in ``close``. Answers come until then.

    ``opened`` brings a ``VideoOpened``, ``looked`` a ``VideoLook`` (its picture first, then who is in it), ``picture``
    the same picture as bytes, ``progress`` a ``SearchProgress``, ``found`` the file with the skeleton, which goes with
    this object, ``failed`` a ``SearchFailed``.
    """

    opened = Signal(object)
    looked = Signal(object)
    progress = Signal(object)
    found = Signal(object)
    failed = Signal(object)

    def __init__(self, video: Path, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """``command`` begins the command line; None = the program's own."""
        super().__init__(parent)
        self.video = video
        self.is_searching = False
        self._command = (*(search_command() if command is None else command), str(video))
        self._room = TemporaryDirectory(prefix="svi-pose-")
        self._line, self._errors = b"", b""
        self._is_over = False
        self._wanted_look: float | None = None
        self._looking = False
        self._process = self._make_process()

    def start(self) -> None:
        """Opens the video; ``opened`` or ``failed`` follows."""
        self._process.start()

    def look(self, seconds: float) -> None:
        """Wants the picture at ``seconds``; of many wishes in a row only the last one counts."""
        self._wanted_look = seconds
        self._look_next()

    def search(self, person: Person | None) -> None:
        """Begins to follow the person at that point, None = whoever is seen best; ``found`` or ``failed`` follows."""
        self.is_searching = True
        self._send(["search", None if person is None else list(person), str(Path(self._room.name) / "found.npz")])

    def close(self) -> bool:
        """Ends it at once; returns whether the process is gone. Nothing is emitted any more."""
        self._is_over = True
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(_END_MS)
        self._room.cleanup()
        return self._process.state() is QProcess.ProcessState.NotRunning

    def _make_process(self) -> QProcess:
        process = QProcess(self)
        prepare_process(process, self._command)
        process.started.connect(lambda: stand_back(process))
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._fail)
        return process

    def _send(self, order: list[object]) -> None:
        self._process.write(QByteArray(json.dumps(order).encode() + b"\n"))

    def _look_next(self) -> None:
        if self._wanted_look is not None and not self._looking and not self.is_searching:
            self._looking = True
            self._send(["look", self._wanted_look])
            self._wanted_look = None

    @Slot()
    def _read(self) -> None:
        *lines, self._line = (self._line + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        self._line = self._line[:_LONGEST_LINE]
        for line in lines:
            try:
                event = _EVENTS.decode(line)
            except PacketError:
                continue  # a library printed something
            if not self._is_over:
                self._hear(event)

    def _hear(self, event: SearchEvent) -> None:
        match event:
            case VideoOpened():
                self.opened.emit(event)
            case VideoLook():
                self._looking = False
                self.looked.emit(event)
                self._look_next()
            case SearchProgress():
                self.progress.emit(event)
            case SearchDone(path):
                self.is_searching = False
                self.found.emit(Path(path))
            case SearchFailed():
                self.is_searching = self._looking = False
                self.failed.emit(event)

    @Slot()
    def _read_errors(self) -> None:
        self._errors = (self._errors + bytes(self._process.readAllStandardError().data()))[-_KEPT_ERRORS:]

    @Slot(QProcess.ProcessError)
    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._errors = self._process.errorString().encode()
            self._end(1)

    @Slot(int)
    def _end(self, _status: int) -> None:
        if self._is_over:
            return
        self._read()
        self._read_errors()
        if self._process.exitCode() != 2:  # else it has said why
            said = last_line(self._errors.decode("utf-8", "replace"))
            words = translate("PoseSearch", "The search for people ended early ({reason}): try it again.")
            early = translate("PoseSearch", "The search for people ended early: try it again.")
            self._hear(SearchFailed(words.format(reason=said) if said else early))
        self._is_over = True


def picture_bytes(look: VideoLook) -> bytes:
    """The JPEG in ``look``; empty for one that brings only people, or nonsense."""
    try:
        return base64.b64decode(look.picture, validate=True)
    except ValueError:
        return b""
