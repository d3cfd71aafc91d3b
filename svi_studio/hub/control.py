"""How others pause, go on with and stop a fetch, from any thread."""

import threading
import time
from collections.abc import Callable

from svi_studio.net.errand import never

_TICK = 0.1


class FetchControl:
    """``asked_to_stop`` is looked at as well, for a caller that has its own way to say so."""

    def __init__(self, asked_to_stop: Callable[[], bool] = never) -> None:
        self._asked_to_stop = asked_to_stop
        self._stopped, self._paused = threading.Event(), threading.Event()

    def stop(self) -> None:
        """Ends the fetch; what came is kept."""
        self._stopped.set()

    def pause(self) -> None:
        """Lets the connections go; the fetch waits."""
        self._paused.set()

    def go_on(self) -> None:
        """After a pause."""
        self._paused.clear()

    @property
    def is_stopped(self) -> bool:
        """Whether the fetch shall end."""
        return self._stopped.is_set() or self._asked_to_stop()

    @property
    def interrupts(self) -> bool:
        """Whether a transfer shall end now, for good or for a while."""
        return self._paused.is_set() or self.is_stopped

    def rest(self, seconds: float = 0.0) -> None:
        """Waits that long, and as long as the fetch is paused; no longer than until it is stopped."""
        end = time.monotonic() + seconds
        while not self.is_stopped and (self._paused.is_set() or time.monotonic() < end):
            time.sleep(_TICK if self._paused.is_set() else min(_TICK, max(end - time.monotonic(), 0.0)))
