"""One export: the command line writes the film in a process of its own, and this tells how far it is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal, Slot

from svi_studio.domain.render.events import FilmProgress, FilmWritten, RenderEvent, RenderFailed, RenderStopped
from svi_studio.jobs.worker.program import last_line, prepare_process, program_command, stand_back
from svi_studio.pipes.messages import Messages
from svi_studio.pipes.packets import PacketError

CANCEL_MS = 3000
"""A video encoder that was asked to end may still be writing; after this the process is ended."""

_KEPT_ERRORS = 16 << 10  # bytes
_LONGEST_LINE = 1 << 20
_EVENTS = Messages[RenderEvent](RenderEvent)

translate = QCoreApplication.translate


class ExportJob(QObject):
    """Ends with exactly one of ``finished`` (the path), ``failed`` (a sentence) or ``cancelled``.

    ``progress`` brings the clips that are done and how many there are.
    """

    progress = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self, arguments: Sequence[str], parent: QObject | None = None, command: Sequence[str] | None = None
    ) -> None:
        """``arguments`` of ``svi-studio export``: the project, ``-o FILE`` and so on. ``command`` is for tests."""
        super().__init__(parent)
        self._command = program_command("export", *arguments, "--json") if command is None else tuple(command)
        self._is_over = self._is_cancelled = False
        self._written: Path | None = None
        self._sentence = ""
        self._line = b""
        self._errors = b""
        self._process = QProcess(self)
        prepare_process(self._process, self._command)
        self._process.started.connect(self._stand_back)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._fail)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._process.kill)

    @property
    def is_running(self) -> bool:
        """Whether a process is at work."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Starts the export. One job runs once."""
        self._process.start()

    def cancel(self) -> None:
        """Cancels the export; no file is left under the film's name. ``cancelled`` follows within some 3 s."""
        if self.is_running and not self._is_cancelled:
            self._is_cancelled = True
            self._process.terminate()
            self._patience.start(CANCEL_MS)

    def shutdown(self) -> bool:
        """Cancels and waits here, at most 4 s; returns whether the process is gone. Nothing is emitted any more."""
        self._is_over = True
        self._patience.stop()
        if self.is_running:
            self._process.terminate()
            if not self._process.waitForFinished(CANCEL_MS):
                self._process.kill()
                self._process.waitForFinished(1000)
        return not self.is_running

    @Slot()
    def _stand_back(self) -> None:
        stand_back(self._process)

    @Slot()
    def _read(self) -> None:
        *lines, self._line = (self._line + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        self._line = self._line[:_LONGEST_LINE]
        for line in lines:
            self._hear(line)

    def _hear(self, line: bytes) -> None:
        try:
            event = _EVENTS.decode(line)
        except PacketError:
            return  # a library printed something: the exit status tells how it ended
        match event:
            case FilmProgress(done, total):
                self._tell_progress(done, total)
            case FilmWritten(path):
                self._written = path
            case RenderFailed(message):
                self._sentence = message
            case RenderStopped():
                self._is_cancelled = True

    def _tell_progress(self, done: int, total: int) -> None:
        if not self._is_over and not self._is_cancelled:
            self.progress.emit(done, total)

    @Slot()
    def _read_errors(self) -> None:
        self._errors = (self._errors + bytes(self._process.readAllStandardError().data()))[-_KEPT_ERRORS:]

    @Slot(QProcess.ProcessError)
    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._errors = self._process.errorString().encode()
            self._end(1)

    @Slot(int)
    def _end(self, status: int) -> None:
        if self._is_over:
            return
        self._read()
        self._read_errors()
        self._is_over = True
        self._patience.stop()
        if status == 0 and self._written is not None:
            self.finished.emit(self._written)
        elif self._is_cancelled:
            self.cancelled.emit()
        else:
            self.failed.emit(self._sentence or self._reason())

    def _reason(self) -> str:
        said = last_line(self._errors.decode("utf-8", "replace"))
        return f"{said}." if said else translate("ExportJob", "The export ended early without a reason: try it again.")
