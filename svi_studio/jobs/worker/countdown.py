"""Something that happens after a while unless it is called off; made and run in the thread of its owner."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Countdown:
    """At most one timer at a time. It is made when it starts, because a timer belongs to the thread that makes it."""

    def __init__(self, owner: QObject, act: Callable[[], None]) -> None:
        self._owner, self._act = owner, act
        self._timer: QTimer | None = None

    def start(self, milliseconds: int) -> None:
        """Starts the countdown anew, to act in ``milliseconds``."""
        self.call_off()
        self._timer = QTimer(self._owner)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._act)
        self._timer.start(milliseconds)

    def call_off(self) -> None:
        """Cancels the countdown, if one was started."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None
