"""How long tests wait for what will come, on a computer that may be busy with ten other jobs.

A wait ends with what it waits for, so its limit costs nothing until a test fails: it is generous, and the same for all.
Where a test says that something is quick, it counts time as the process itself feels it.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

SECONDS = 120.0 * float(os.environ.get("SVI_TEST_PATIENCE", "1"))
"""The limit of every wait; the variable SVI_TEST_PATIENCE multiplies it."""

_TICK = 0.01


class _Pause:
    """Lets the event loop run for a while, by a timer that stays connected from one pause to the next.

    pytest-qt connects and disconnects a timer for each look of ``waitUntil``, a hundred times a second. While it
    disconnects, Qt holds one of 131 locks and PySide waits for the interpreter; a thread that has Qt objects of its own
    holds the interpreter and may wait for that very lock. Then both stand still for ever. None of ours has, but a
    thread of a test may.
    """

    def __init__(self) -> None:
        self._loop, self._timer = QEventLoop(), QTimer(singleShot=True)
        self._timer.timeout.connect(self._loop.quit)

    @property
    def is_under_way(self) -> bool:
        return self._loop.isRunning()

    def __call__(self, milliseconds: int) -> None:
        self._timer.start(milliseconds)
        self._loop.exec()


@cache
def _pause() -> _Pause:
    return _Pause()


class PatientQtBot(QtBot):
    """Waits at least ``SECONDS`` for everything that must come, whatever shorter limit a test names.

    It holds the widgets that it is given. pytest-qt does not: a dialog without a parent whose last holder is the slot
    of a button in it would be deleted with that button, and the button's other owners once more.
    """

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self._held: list[QWidget] = []

    def addWidget(self, widget: QWidget, **more: Any) -> None:
        super().addWidget(widget, **more)
        self._held.append(widget)

    def wait(self, ms: int) -> None:
        pause = _pause()
        if pause.is_under_way:  # called from a slot that runs in a pause
            super().wait(ms)
        else:
            pause(ms)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=_at_least(timeout))

    def waitSignal(self, signal: Any, *, timeout: int = 0, raising: bool | None = None, **more: Any) -> Any:
        patience = timeout if raising is False else _at_least(timeout)  # what need not come is not waited for
        return super().waitSignal(signal, timeout=patience, raising=raising, **more)

    def waitSignals(self, signals: Any, *, timeout: int = 0, raising: bool | None = None, **more: Any) -> Any:
        patience = timeout if raising is False else _at_least(timeout)
        return super().waitSignals(signals, timeout=patience, raising=raising, **more)


def _at_least(milliseconds: int) -> int:
    return max(milliseconds, int(1000 * SECONDS))


@contextmanager
def felt_time() -> Iterator[Callable[[], float]]:
    """A clock that ticks only when this process gets its turn, or works: seconds since it was started.

    A second on it is a second on an idle computer, and more on a busy one. So "stops within a second" can be asserted
    wherever the tests run.
    """
    over = threading.Event()
    ticks, began = [0], time.process_time()

    def tick() -> None:
        while not over.wait(_TICK):
            ticks[0] += 1

    ticking = threading.Thread(target=tick, name="felt time", daemon=True)
    ticking.start()
    try:
        yield lambda: max(ticks[0] * _TICK, time.process_time() - began)
    finally:
        over.set()
        ticking.join()
