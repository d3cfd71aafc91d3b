"""One worker and the watch over it: what it says, when it is late, and how it was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from svi_studio.jobs.threads.agenda import Agenda, Countdown
from svi_studio.jobs.worker.patience import Verdict
from svi_studio.jobs.worker.wire_protocol import RENDERER, WireProtocol
from svi_studio.jobs.worker.worker_process import WorkerProcess
from svi_studio.jobs.worker.worker_words import Cause

WATCH_MS = 500
_AWAY_SECONDS = 2.0
"""When the watch itself comes later than this, the computer slept or was stopped, and the worker with it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How a worker came to its end. ``errors`` is the last of its stderr; ``had_started``: it had got ready to work."""

    cause: Cause
    had_started: bool
    errors: str


class Listener(Protocol):
    """Who hears of a worker."""

    def said(self, message: Any) -> None:
        """A message came."""

    def late(self, is_late: bool) -> None:
        """The worker has not been heard of for a while, or is again."""

    def lost(self, loss: Loss) -> None:
        """The worker is gone."""


class WatchedWorker:
    """One worker of the thread of ``agenda``. After ``lost`` nothing comes any more."""

    def __init__(self, command: Sequence[str], agenda: Agenda, told: Listener, wire: WireProtocol = RENDERER) -> None:
        """``command`` speaks ``wire`` on its stdin and stdout."""
        self.is_ready = False
        self._is_late = False
        self._cause = Cause.ENDED
        self._told, self._wire = told, wire
        self._patience = wire.watch()
        self._process = WorkerProcess(command, agenda, self._hear, self._end, wire)
        self._looked_at = monotonic()
        self._watch = Countdown(agenda, self._look)

    @property
    def pid(self) -> int:
        """The process id; 0 when there is none."""
        return self._process.pid

    def start(self) -> None:
        """Starts the process and the watch."""
        self._looked_at = monotonic()
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
        self._watch.call_off()
        self._process.leave(patiently=not self._is_late)

    def _hear(self, message: Any) -> None:
        if self._cause is Cause.OTHER_VERSION:  # what it said while it was being ended
            return
        self._patience.heard(message)
        if isinstance(message, self._wire.greeting):
            if message.protocol != self._wire.version:
                self.kill(Cause.OTHER_VERSION)
                return
            self.is_ready = True
        self._told.said(message)

    def _look(self) -> None:
        now = monotonic()
        verdict = self._patience.pass_time(min(now - self._looked_at, _AWAY_SECONDS))
        self._looked_at = now
        if (verdict is Verdict.FINE) is self._is_late:
            self._is_late = not self._is_late
            self._told.late(self._is_late)
        if verdict is Verdict.LOST:
            self.kill(Cause.SILENT)
        else:
            self._watch.start(WATCH_MS)

    def _end(self) -> None:
        self._watch.call_off()
        cause = Cause.GARBLED if self._process.is_garbled else self._cause
        self._told.lost(Loss(cause, self.is_ready, self._process.errors))
