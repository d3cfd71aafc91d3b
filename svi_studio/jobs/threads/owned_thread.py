"""A QThread with an owner: it has a name, is asked to stop, is joined, and can be counted by those who must end it."""

import atexit
import contextlib
import os
import sys
from weakref import WeakSet

from PySide6.QtCore import QObject, QThread, Slot

JOIN_MS = 5000

_threads: "WeakSet[OwnedThread]" = WeakSet()
_stuck: "list[OwnedThread]" = []


class OwnedThread(QThread):
    """A thread that runs an event loop, or an own ``run``, until ``stop_and_join``.

    It makes, connects and destroys no Qt object (see ``Agenda``); it only emits.
    """

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        _threads.add(self)
        if parent is not None:
            parent.destroyed.connect(self._owner_gone)

    def ask_to_stop(self) -> None:
        """Asks without waiting: ``isInterruptionRequested`` turns true and an event loop ends. May be overridden."""
        self.requestInterruption()
        self.quit()

    @Slot()
    def _owner_gone(self) -> None:
        """Ends the thread just before Qt deletes it with its owner, which forgot to."""
        if self.isRunning():
            self.stop_and_join()

    def stop_and_join(self, timeout_ms: int = JOIN_MS) -> bool:
        """Asks and waits; returns whether the thread has ended within ``timeout_ms`` milliseconds.

        One that has not, on a disk that hangs for example, outlives its owner: destroyed while it runs, it would take
        the whole program down.
        """
        self.ask_to_stop()
        ended = bool(self.wait(timeout_ms))
        if not ended and self not in _stuck:
            _stuck.append(self)
            self.setParent(None)
        return ended


def thread_stops() -> bool:
    """Whether the calling thread was asked to stop, so that waiting is of no use any more."""
    return QThread.currentThread().isInterruptionRequested()


def running_threads() -> list[str]:
    """Names of the threads of ours that still run: none may when the window has closed."""
    return [thread.objectName() for thread in _running()]


def end_if_stuck(code: int) -> None:
    """Ends the process at once, with the exit code ``code``, when a thread of ours still runs: Qt would abort it."""
    if not running_threads():
        return
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # closed, or None in a program without a terminal
            stream.flush()
    os._exit(code)


def _running() -> "list[OwnedThread]":
    running = []
    for thread in list(_threads):
        with contextlib.suppress(RuntimeError):  # Qt has deleted it already, so it has ended
            if thread.isRunning():
                running.append(thread)
    return running


@atexit.register
def _join_forgotten() -> None:
    """Ends the threads of a program that exits without closing them: all are asked first, then joined."""
    forgotten = _running()
    for thread in forgotten:
        thread.ask_to_stop()
    for thread in forgotten:
        thread.stop_and_join(JOIN_MS)
    end_if_stuck(1)
