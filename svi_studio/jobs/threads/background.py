"""Work that a widget hands away: functions run one after the other in one thread, answers come back as Qt calls."""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.jobs.threads.owned_thread import OwnedThread

T = TypeVar("T")


@dataclass(slots=True)
class _Task:
    """It stays with the window's thread, which drops it: it may hold the last reference to a Qt object."""

    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    answer: Callable[[], None] | None = None

    def run(self) -> None:
        """Works; keeps nothing of it but the answer."""
        try:
            result = self.work()
        except Exception as error:
            if self.failed is None:
                raise
            self.answer = partial(self.failed, error)
        else:
            self.answer = partial(self.done, result)


class _Runner(OwnedThread):
    answered = Signal(int)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(name, parent)
        self.tasks: dict[int, _Task] = {}
        self.numbers: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        self.numbers.put(None)

    def run(self) -> None:
        while (number := self.numbers.get()) is not None and not self.isInterruptionRequested():
            try:
                self.tasks[number].run()
            finally:
                self.answered.emit(number)


class Background(QObject):
    """One thread for small jobs in order. ``done`` and ``failed`` are called in the thread that owns this object."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = _Runner(name, self)
        self._runner.answered.connect(self._call)
        self._closed = False
        self._count = 0

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
        self._count += 1
        self._runner.tasks[self._count] = _Task(work, done, failed)
        self._runner.numbers.put(self._count)

    def close(self) -> bool:
        """Finishes the job under way, forgets the others and their answers; returns whether the thread has ended."""
        self._closed = True
        has_ended = self._runner.stop_and_join()
        if has_ended:
            self._runner.tasks.clear()
        return has_ended

    @Slot(int)
    def _call(self, number: int) -> None:
        if self._closed:
            return
        task = self._runner.tasks.pop(number)
        answer, task.answer = task.answer, None
        if answer is not None:  # the task failed in a way that was told elsewhere
            answer()
