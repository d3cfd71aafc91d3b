"""Work that a widget hands away: functions run one after the other in one thread, answers come back as Qt calls."""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.jobs.threads.owned_thread import OwnedThread

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None


class _Runner(OwnedThread):
    answered = Signal(object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(name, parent)
        self.tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        self.tasks.put(None)

    def run(self) -> None:
        while (task := self.tasks.get()) is not None and not self.isInterruptionRequested():
            self.answered.emit(_answer(task))


def _answer(task: _Task) -> Callable[[], None] | None:
    try:
        result = task.work()
    except Exception as error:
        failed = task.failed
        if failed is None:
            raise
        return lambda error=error: failed(error)  # type: ignore[misc]
    return lambda: task.done(result)


class Background(QObject):
    """One thread for small jobs in order. ``done`` and ``failed`` are called in the thread that owns this object."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = _Runner(name, self)
        self._runner.answered.connect(self._call)
        self._closed = False

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Runs ``work`` in the thread, then ``done`` with its result or ``failed`` with its exception here."""
        if self._closed:
            return
        if not self._runner.isRunning():
            self._runner.start()
        self._runner.tasks.put(_Task(work, done, failed))

    def close(self) -> bool:
        """Finishes the job under way, forgets the others and their answers; returns whether the thread has ended."""
        self._closed = True
        return self._runner.stop_and_join()

    @Slot(object)
    def _call(self, answer: Callable[[], None]) -> None:
        if not self._closed:
            answer()
