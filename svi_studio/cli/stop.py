"""Ctrl-C: the first one asks the render to stop after the current step, the second one ends the program at once."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Whether the user has asked to stop."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        """The answer."""
        return self._asked

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Take one signal; ``os.write`` because a signal may arrive in the middle of a print."""
        del number, frame
        if self._asked:
            os._exit(INTERRUPTED)
        self._asked = True
        message = "\nStopping after this step; press Ctrl-C again to stop at once.\n"
        os.write(sys.stderr.fileno(), message.encode())


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """Inside this block Ctrl-C and a polite kill set the request instead of raising KeyboardInterrupt."""
    request = StopRequest()
    before = {number: signal.signal(number, request.ask) for number in _SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
