"""One errand of the command line in a process of its own: what it prints is heard line by line, and it can be ended."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal, Slot

from svi_studio.jobs.worker.program import last_line, prepare_process, stand_back

CANCEL_MS = 3000
"""Whoever was asked to end may still be writing; after this the process is ended."""

_KEPT_ERRORS = 16 << 10  # bytes
_LONGEST_LINE = 1 << 20

translate = QCoreApplication.translate


class CommandJob(QObject):
    """Ends with exactly one of ``finished`` (what the job brings), ``failed`` (a sentence) or ``cancelled``.

    A job says what it hears in a line, and with what it ends.
    """

    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_over = self._is_cancelled = False
        self._sentence = ""
        self._line = b""
        self._errors = b""
        self._process = QProcess(self)
        prepare_process(self._process, command)
        self._process.started.connect(self._stand_back)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._fail)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._process.kill)

    def hear(self, line: bytes) -> None:
        """What the command printed; anything may come, from a library too."""
        raise NotImplementedError

    def result(self) -> object:
        """What ``finished`` brings when the command ended well; None when what was wanted is not there."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        """Whether a process is at work."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Starts the command. One job runs once."""
        self._process.start()

    def cancel(self) -> None:
        """Cancels it; ``cancelled`` follows within some 3 s."""
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
            self.hear(line)

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
        result = self.result() if status == 0 else None
        if result is not None:
            self.finished.emit(result)
        elif self._is_cancelled:
            self.cancelled.emit()
        else:
            self.failed.emit(self._sentence or self._reason())

    def _reason(self) -> str:
        said = last_line(self._errors.decode("utf-8", "replace"))
        return f"{said}." if said else translate("CommandJob", "It ended early without a reason: try it again.")
