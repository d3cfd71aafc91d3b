"""The window's end of a process: one main task at a time goes in, what happens comes out as signals."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.jobs.threads.agenda import Agenda
from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.supervisor import News, Supervisor
from svi_studio.jobs.worker.task import Task
from svi_studio.jobs.worker.wire_protocol import WireProtocol


class _SupervisorThread(OwnedThread):
    """Runs a supervisor, and lets its process end when asked to stop. The signals are those of ``News``."""

    said = Signal(object, object)
    state_changed = Signal(object)
    notice = Signal(str)
    ended = Signal(object, object)

    def __init__(self, name: str, wire: WireProtocol, command: Sequence[str], parent: QObject) -> None:
        super().__init__(name, parent)
        self._agenda = Agenda()
        news = News(self.said.emit, self.state_changed.emit, self.notice.emit, self.ended.emit)
        self._supervisor = Supervisor(wire, command, self._agenda, news)

    def ask(self, request: Any) -> None:
        """Passes ``request`` on to the supervisor."""
        if not self.isRunning():
            self.start()
        self._agenda.post(partial(self._supervisor.obey, request))

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        self._agenda.stop()

    def run(self) -> None:
        self._agenda.run()
        self._supervisor.close()


class ProcessClient(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``. The process starts with the first request.

    ``said`` brings each message of the process, ``over`` how a task ended, ``state_changed`` a ``ProcessState``,
    ``notice`` a sentence about a process that is late or was lost.
    """

    said = Signal(object)
    over = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)

    def __init__(
        self, name: str, wire: WireProtocol, parent: QObject | None = None, command: Sequence[str] = ()
    ) -> None:
        """``name`` is that of the thread; ``command`` starts a process for tasks that do not bring one of their own."""
        super().__init__(parent)
        self.state = ProcessState.OFF
        self.task_key: Any = None
        self._is_closed = False
        self._thread = _SupervisorThread(name, wire, command, self)
        self._thread.said.connect(self._hear)
        self._thread.state_changed.connect(self._set_state)
        self._thread.notice.connect(self._pass_on_notice)
        self._thread.ended.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether anything was asked for yet, and there may be a process."""
        return self._thread.isRunning()

    def begin(self, task: Task) -> None:
        """Begins the main task ``task``. Raises ValueError while another one is under way."""
        if self.task_key is not None:
            raise ValueError("one task at a time")
        self.task_key = task.key
        self.ask(task)

    def tell(self, request: Any) -> None:
        """Asks the main task under way for something; nothing happens without one."""
        if self.task_key is not None:
            self.ask(request)

    def ask(self, request: Any) -> None:
        """Asks the process for something, or begins a task beside the main one."""
        if not self._is_closed:
            self._thread.ask(request)

    def shutdown(self) -> bool:
        """Lets the process end, waiting 5 s at most; returns whether the thread has ended. Nothing is emitted any more.

        A training under way writes its checkpoint and ends by itself, after this if need be.
        """
        self._is_closed, self.task_key = True, None
        return self._thread.stop_and_join() if self._thread.isRunning() else True

    def _is_late(self, key: object) -> bool:
        """Messages wait in this thread's queue: those of a task that is over are late, and dropped."""
        return self._is_closed or (key is not None and key != self.task_key)

    @Slot(object, object)
    def _hear(self, key: object, message: Any) -> None:
        if not self._is_late(key):
            self.said.emit(message)

    @Slot(object, object)
    def _end(self, key: object, end: Any) -> None:
        if not self._is_late(key):
            if key is not None:
                self.task_key = None
            self.over.emit(end)

    @Slot(object)
    def _set_state(self, state: ProcessState) -> None:
        self.state = state
        if not self._is_closed:
            self.state_changed.emit(state)

    @Slot(str)
    def _pass_on_notice(self, sentence: str) -> None:
        if not self._is_closed:
            self.notice.emit(sentence)
