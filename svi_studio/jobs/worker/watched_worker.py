"""One worker and the watch over it: what it says, when it is late, and how it was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from svi_studio.jobs.worker.patience import Verdict
from svi_studio.jobs.worker.wire_protocol import RENDERER, WireProtocol
from svi_studio.jobs.worker.worker_process import WorkerProcess
from svi_studio.jobs.worker.worker_words import Cause

WATCH_MS = 500
_AWAY_MS = 2000
"""When the watch itself comes later than this, the computer slept or was stopped, and the worker with it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How a worker came to its end. ``errors`` is the last of its stderr; ``had_started``: it had got ready to work."""

    cause: Cause
    had_started: bool
    errors: str


class WatchedWorker(QObject):
    """Lives in the thread that made it. After ``lost`` nothing comes any more, and it deletes itself."""

    said = Signal(object)
    late = Signal(bool)
    lost = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject, wire: WireProtocol = RENDERER) -> None:
        """``command`` speaks ``wire`` on its stdin and stdout."""
        super().__init__(parent)
        self.is_ready = False
        self._is_late = False
        self._cause = Cause.ENDED
        self._wire = wire
        self._patience = wire.watch()
        self._process = WorkerProcess(command, self, wire)
        self._process.said.connect(self._hear)
        self._process.ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._since_look = QElapsedTimer()
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look)

    @property
    def pid(self) -> int:
        """The process id; 0 when there is none."""
        return self._process.pid

    def start(self) -> None:
        """Starts the process and the watch."""
        self._since_look.start()
        self._watch.start(WATCH_MS)
        self._process.start()

    def send(self, request: Any) -> None:
        """Sends without waiting."""
        self._patience.sent(request)
        self._process.send(request)

    def kill(self, cause: Cause) -> None:
        """Ends it at once; ``lost`` follows."""
        self._cause = cause
        self._process.kill()

    def leave(self) -> None:
        """Waits here until the process has ended, at most 3.5 s. Nothing is said any more."""
        self._watch.stop()
        self._process.leave(patiently=not self._is_late)
        self.deleteLater()

    @Slot(object)
    def _hear(self, message: Any) -> None:
        if self._cause is Cause.OTHER_VERSION:  # what it said while it was being ended
            return
        self._patience.heard(message)
        if isinstance(message, self._wire.greeting):
            if message.protocol != self._wire.version:
                self.kill(Cause.OTHER_VERSION)
                return
            self.is_ready = True
        self.said.emit(message)

    @Slot()
    def _look(self) -> None:
        verdict = self._patience.pass_time(min(self._since_look.restart(), _AWAY_MS) / 1000)
        if (verdict is Verdict.FINE) is self._is_late:
            self._is_late = not self._is_late
            self.late.emit(self._is_late)
        if verdict is Verdict.LOST:
            self._watch.stop()
            self.kill(Cause.SILENT)

    @Slot()
    def _end(self) -> None:
        self._watch.stop()
        cause = Cause.GARBLED if self._process.is_garbled else self._cause
        self.lost.emit(Loss(cause, self.is_ready, self._process.errors))
        self.deleteLater()
