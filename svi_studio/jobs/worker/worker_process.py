"""One worker process: messages in and out, and its end, however it comes. Everything is called in one thread."""

from collections.abc import Callable, Sequence
from typing import Any

from svi_studio.jobs.threads.agenda import Agenda, Countdown
from svi_studio.jobs.worker.child_process import ChildProcess
from svi_studio.jobs.worker.wire_protocol import RENDERER, WireProtocol
from svi_studio.pipes.packets import PacketError

LEAVE_MS = 2500  # a worker that is asked to end does so within a second, if its computer is not very busy
KILL_MS = 1000
_KEPT_ERRORS = 64 << 10  # bytes


class WorkerProcess:
    """A process that was started once. ``said`` gets each message; after ``ended`` nothing comes from it any more."""

    def __init__(
        self,
        command: Sequence[str],
        agenda: Agenda,
        said: Callable[[Any], object],
        ended: Callable[[], object],
        wire: WireProtocol = RENDERER,
    ) -> None:
        """``command`` speaks ``wire`` on its stdin and stdout. ``said`` and ``ended`` are called by ``agenda``."""
        self._command, self._agenda = command, agenda
        self._said, self._ended = said, ended
        self._wire = wire
        self._reader = wire.messages.reader()
        self._errors = b""
        self._is_over = False
        self.is_garbled = False
        self._process: ChildProcess | None = None
        self._patience = Countdown(agenda, self._end)

    @property
    def pid(self) -> int:
        """The process id; 0 when it could not be started."""
        return self._process.pid if self._process is not None else 0

    @property
    def errors(self) -> str:
        """The last of what it wrote to stderr."""
        return self._errors.decode("utf-8", "replace")

    def start(self) -> None:
        """Starts it; ``ended`` follows when that is not possible."""
        try:
            self._process = ChildProcess(
                self._command,
                lambda piece: self._agenda.post(lambda: self._read(piece)),
                lambda piece: self._agenda.post(lambda: self._read_errors(piece)),
                lambda: self._agenda.post(self._end),
            )
        except OSError as error:
            self._errors = f"{error.strerror or error}: {self._command[0]}".encode()
            self._agenda.post(self._end)

    def send(self, request: Any) -> None:
        """Sends ``request`` without waiting; nothing happens when the process has ended."""
        if self._process is not None and not self._is_over:
            self._process.write(self._wire.requests.encode(request))

    def kill(self) -> None:
        """Ends it at once, a stopped one too; ``ended`` follows, even when the system cannot end it now."""
        if self._process is not None and not self._is_over:
            self._process.kill()
            self._patience.start(KILL_MS)

    def leave(self, *, patiently: bool) -> None:
        """Waits here until it has ended, at most 3.5 s: ask, then kill. Nothing is said any more.

        One that may stay is not killed after ``patiently`` asking: it saves what it has, and ends by itself.
        """
        was_over, self._is_over = self._is_over, True
        self._patience.call_off()
        if was_over or self._process is None:
            return
        if patiently:
            self._process.write(self._wire.requests.encode(self._wire.farewell))
            self._process.close_input()
            if self._process.wait_for_end(LEAVE_MS):
                return
            if self._wire.may_stay:
                self._process.let_go()
                return
        self._process.kill()
        self._process.wait_for_end(KILL_MS)

    def _read(self, piece: bytes) -> None:
        if self.is_garbled:
            return
        try:
            for message in self._reader.feed(piece):
                if self._is_over:
                    return
                self._said(message)
        except PacketError:
            self.is_garbled = True
            self.kill()

    def _read_errors(self, piece: bytes) -> None:
        self._errors = (self._errors + piece)[-_KEPT_ERRORS:]

    def _end(self) -> None:
        """Also when a hung driver keeps it from dying: nobody waits for it any more."""
        if not self._is_over:
            self._is_over = True
            self._patience.call_off()
            self._ended()
