"""A QThread with an owner: it has a name, is asked to stop, is joined, and can be counted by those who must end it."""

import contextlib
from weakref import WeakSet

from PySide6.QtCore import QObject, QThread

JOIN_MS = 5000

_threads: "WeakSet[OwnedThread]" = WeakSet()
_stuck: "list[OwnedThread]" = []


class OwnedThread(QThread):
    """A thread that runs an event loop, or an own ``run``, until ``stop_and_join``. Every thread of ours is one."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        _threads.add(self)

    def ask_to_stop(self) -> None:
        """Ask without waiting: ``isInterruptionRequested`` turns true and an event loop ends. May be overridden."""
        self.requestInterruption()
        self.quit()

    def stop_and_join(self, timeout_ms: int = JOIN_MS) -> bool:
        """Ask and wait; returns whether the thread has ended within ``timeout_ms`` milliseconds.

        One that has not, on a disk that hangs for example, outlives its owner: destroyed while it runs, it would take
        the whole program down.
        """
        self.ask_to_stop()
        ended = bool(self.wait(timeout_ms))
        if not ended and self not in _stuck:
            _stuck.append(self)
            self.setParent(None)
        return ended


def running_threads() -> list[str]:
    """Names of the threads of ours that still run: none may when the window has closed."""
    names = []
    for thread in list(_threads):
        with contextlib.suppress(RuntimeError):  # Qt has deleted it already, so it has ended
            if thread.isRunning():
                names.append(thread.objectName())
    return names
