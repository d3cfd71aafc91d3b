"""One worker process: messages in and out, and its end, however it comes. Lives in the thread that made it."""

import ctypes
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QProcess, QTimer, Signal, Slot

from svi_studio.jobs.worker.program import prepare_process
from svi_studio.jobs.worker.wire_protocol import RENDERER, WireProtocol
from svi_studio.pipes.packets import PacketError

LEAVE_MS = 2500  # a worker that is asked to end does so within a second, if its computer is not very busy
KILL_MS = 1000
_KEPT_ERRORS = 64 << 10  # bytes


class _Process(QProcess):
    def let_go(self) -> None:
        """Forgets a process that ends by itself: its pipes are closed, and nobody waits for it or kills it."""
        self.setProcessState(QProcess.ProcessState.NotRunning)


class WorkerProcess(QObject):
    """A process that was started once. After ``ended`` nothing comes from it any more."""

    said = Signal(object)
    ended = Signal()

    def __init__(self, command: Sequence[str], parent: QObject | None = None, wire: WireProtocol = RENDERER) -> None:
        """``command`` speaks ``wire`` on its stdin and stdout."""
        super().__init__(parent)
        self._wire = wire
        self._reader = wire.messages.reader()
        self._errors = b""
        self._is_over = False
        self.is_garbled = False
        self._process = _Process(self)
        prepare_process(self._process, command)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def pid(self) -> int:
        """The process id; 0 when it could not be started."""
        return int(self._process.processId())

    @property
    def errors(self) -> str:
        """The last of what it wrote to stderr."""
        return self._errors.decode("utf-8", "replace")

    def start(self) -> None:
        """Starts it; ``ended`` follows when that is not possible."""
        self._process.start()

    def send(self, request: Any) -> None:
        """Sends ``request`` without waiting; nothing happens when the process has ended."""
        if not self._is_over:
            self._process.write(QByteArray(self._wire.requests.encode(request)))

    def kill(self) -> None:
        """Ends it at once, a stopped one too; ``ended`` follows, even when the system cannot end it now."""
        self._process.kill()
        QTimer.singleShot(KILL_MS, self, self._abandon)

    def leave(self, *, patiently: bool) -> None:
        """Waits here until it has ended, at most 3.5 s: ask, then kill. Nothing is said or emitted any more.

        One that may stay is not killed after ``patiently`` asking: it saves what it has, and ends by itself.
        """
        self._is_over = True
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            if patiently:
                self._process.write(QByteArray(self._wire.requests.encode(self._wire.farewell)))
                self._process.closeWriteChannel()
                if not self._process.waitForFinished(LEAVE_MS) and self._wire.may_stay:
                    self._process.let_go()
                    return
            self._process.kill()
            if not self._process.waitForFinished(KILL_MS):
                _keep_forever(self._process)

    @Slot()
    def _read(self) -> None:
        piece = bytes(self._process.readAllStandardOutput().data())
        try:
            for message in self._reader.feed(piece):
                if self._is_over:
                    return
                self.said.emit(message)
        except PacketError:
            self.is_garbled = True
            self.kill()

    @Slot()
    def _read_errors(self) -> None:
        self._errors = (self._errors + bytes(self._process.readAllStandardError().data()))[-_KEPT_ERRORS:]

    @Slot()
    def _finish(self) -> None:
        if not self._is_over:
            if not self.is_garbled:
                self._read()
            self._read_errors()
        self._end()

    @Slot(QProcess.ProcessError)
    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._errors = self._process.errorString().encode()
            self._end()

    @Slot()
    def _abandon(self) -> None:
        if not self._is_over:
            _keep_forever(self._process)
            self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.ended.emit()


def _keep_forever(process: QProcess) -> None:
    """A process that a hung driver keeps from dying must not hold up the window.

    Its QProcess would wait half a minute for it when destroyed, so it never is: it loses its parent, and Python is told
    that somebody else still needs it.
    """
    process.setParent(None)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(process))
