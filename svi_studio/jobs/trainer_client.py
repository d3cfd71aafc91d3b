"""The window's end of the trainer's process: one task at a time goes in, what happens comes out as signals."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.jobs.owned_thread import OwnedThread
from svi_studio.jobs.trainer_state import TrainerState
from svi_studio.jobs.trainer_supervisor import TrainerSupervisor
from svi_studio.jobs.trainer_task import TaskEnded, TrainerTask
from svi_studio.jobs.wire_protocol import TRAINER, WireProtocol


class _TrainerThread(OwnedThread):
    """Runs the supervisor, and lets its trainer end when asked to stop."""

    def __init__(self, name: str, supervisor: TrainerSupervisor, parent: QObject) -> None:
        super().__init__(name, parent)
        self._supervisor = supervisor
        supervisor.moveToThread(self)

    def run(self) -> None:
        self.exec()
        self._supervisor.close()


class TrainerClient(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``. The process starts with the first task.

    ``said`` brings each message of the task under way, ``over`` its ``TaskEnded``, ``state_changed`` a
    ``TrainerState``, ``notice`` a sentence about a trainer that is late or was lost.
    """

    said = Signal(object)
    over = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)

    _asked = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None, wire: WireProtocol = TRAINER) -> None:
        """``name`` is that of the thread."""
        super().__init__(parent)
        self.state = TrainerState.OFF
        self._number = 0
        self._is_busy = self._is_closed = False
        self._supervisor = TrainerSupervisor(wire)
        self._supervisor.said.connect(self._hear)
        self._supervisor.state_changed.connect(self._set_state)
        self._supervisor.notice.connect(self._pass_on_notice)
        self._supervisor.ended.connect(self._end)
        self._asked.connect(self._supervisor.obey)
        self._thread = _TrainerThread(name, self._supervisor, self)

    @property
    def is_busy(self) -> bool:
        """Whether a task is under way."""
        return self._is_busy

    def begin(
        self, command: tuple[str, ...], *, file: Path | None = None, content: bytes = b"", may_restart: bool = False
    ) -> None:
        """Start ``command`` after ``content`` was written to ``file``. Raises ValueError while a task is under way."""
        if self._is_busy:
            raise ValueError("one task at a time")
        self._is_busy = True
        self._number += 1
        self.ask(TrainerTask(self._number, command, may_restart, file, content))

    def ask(self, request: Any) -> None:
        """Ask the task under way for something; nothing happens without one."""
        if self._is_closed or not self._is_busy:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._asked.emit(request)

    def shutdown(self) -> bool:
        """End the thread, waiting 5 s at most; returns whether it has ended. Nothing is emitted any more.

        A training under way writes its checkpoint and ends by itself, after this if need be.
        """
        self._is_closed, self._is_busy = True, False
        return self._thread.stop_and_join() if self._thread.isRunning() else True

    @Slot(int, object)
    def _hear(self, number: int, message: Any) -> None:
        """Messages wait in this thread's queue: those of a task that is over are late, and dropped."""
        if self._is_busy and number == self._number:
            self.said.emit(message)

    @Slot(object)
    def _end(self, end: TaskEnded) -> None:
        if self._is_busy and end.number == self._number:
            self._is_busy = False
            self.over.emit(end)

    @Slot(object)
    def _set_state(self, state: TrainerState) -> None:
        self.state = state
        if not self._is_closed:
            self.state_changed.emit(state)

    @Slot(str)
    def _pass_on_notice(self, sentence: str) -> None:
        if not self._is_closed:
            self.notice.emit(sentence)
