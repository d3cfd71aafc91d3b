"""What a thread has still to do: what others hand to it, at once, and what it wants to do itself after a while.

It is the event loop of a thread without Qt objects. Qt's own would need some, and they could stop the program for ever:
while Qt destroys one it holds a lock and waits for Python's; another thread may hold Python's and wait for that lock.
"""

import contextlib
import math
import queue
import sys
from collections.abc import Callable
from functools import partial
from time import monotonic

Act = Callable[[], object]

_NEVER = math.inf


class Agenda:
    """Belongs to the thread that calls ``run``; any other may call ``post`` and ``stop``."""

    def __init__(self) -> None:
        self._posted: queue.SimpleQueue[Act | None] = queue.SimpleQueue()
        self._countdowns: list[Countdown] = []

    def post(self, act: Act) -> None:
        """Has ``act`` called in the thread, after all that was posted before."""
        self._posted.put(act)

    def stop(self) -> None:
        """Lets ``run`` return when it has done what was posted before."""
        self._posted.put(None)

    def run(self) -> None:
        """Does what there is to do, and waits for more, until ``stop``. A fault in one act does not end the others."""
        while (act := self._next()) is not None:
            try:
                act()
            except Exception:
                sys.excepthook(*sys.exc_info())

    def _next(self) -> Act | None:
        while True:
            first = min(self._countdowns, key=lambda each: each.due, default=None)
            if first is None:
                return self._posted.get()
            seconds = first.due - monotonic()
            if seconds <= 0:  # what was posted before it is heard before it, and what is posted now after it
                self._countdowns.remove(first)
                self._posted.put(partial(first.end, first.due))
                continue
            with contextlib.suppress(queue.Empty):
                return self._posted.get(timeout=seconds)

    def put_off(self, countdown: "Countdown") -> None:
        """Waits for ``countdown``, too. For the thread itself."""
        self._countdowns.append(countdown)

    def drop(self, countdown: "Countdown") -> None:
        """Does not wait for ``countdown`` any more. For the thread itself."""
        if countdown in self._countdowns:
            self._countdowns.remove(countdown)


class Countdown:
    """Something that happens after a while unless it is called off. For the thread of ``agenda`` alone."""

    def __init__(self, agenda: Agenda, act: Act) -> None:
        self._agenda, self._act = agenda, act
        self.due = _NEVER

    def start(self, milliseconds: int) -> None:
        """Starts the countdown anew, to act in ``milliseconds``."""
        self.call_off()
        self.due = monotonic() + milliseconds / 1000
        self._agenda.put_off(self)

    def call_off(self) -> None:
        """Cancels the countdown, if one was started."""
        self.due = _NEVER
        self._agenda.drop(self)

    def end(self, due: float) -> None:
        """Acts, unless it was called off or started anew since it was ``due``."""
        if self.due == due:
            self.due = _NEVER
            self._act()
