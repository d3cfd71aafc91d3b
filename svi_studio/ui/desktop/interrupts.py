"""Ctrl-C on the terminal and the system's request to end the program, brought into Qt's event loop."""

import signal
import socket
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class Interrupts(QObject):
    """``wanted`` comes when the program is asked to end. Python's own handlers would wait for the next mouse move."""

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)
        self._before_wakeup = signal.set_wakeup_fd(self._there.fileno())
        kinds = [signal.SIGINT, signal.SIGTERM, *([] if sys.platform == "win32" else [signal.SIGHUP])]
        self._before = {kind: signal.signal(kind, _do_nothing) for kind in kinds}
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def remove(self) -> None:
        """Restores the earlier signal handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_wakeup)
        for kind, handler in self._before.items():
            signal.signal(kind, handler)
        self._here.close()
        self._there.close()

    @Slot()
    def _read(self) -> None:
        try:
            told = self._here.recv(64)
        except BlockingIOError:
            return
        if any(kind in told for kind in self._before):
            self.wanted.emit()


def _do_nothing(_kind: int, _frame: FrameType | None) -> None:
    """Handles a signal by doing nothing: its number comes through the socket."""
