"""Ctrl-C: the first one asks the render to stop after the current step, the second one ends the program at once."""

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
_STDERR = 2
_SHOW_CURSOR = b"\x1b[?25h\n"  # the progress bar hides it
AFTER_THIS_STEP = "Stopping after this step; press Ctrl-C again to stop at once."
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Whether the user has asked to stop; ``answer`` is said when he does."""

    answer = AFTER_THIS_STEP

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        """Returns whether the user asked to stop."""
        return self._asked

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Takes one signal; not by ``print``, in whose middle a signal may arrive."""
        del number, frame
        if self._asked:
            if os.isatty(_STDERR):
                os.write(_STDERR, _SHOW_CURSOR)
            os._exit(INTERRUPTED)
        self._asked = True
        with contextlib.suppress(OSError):
            os.write(_STDERR, f"\n{self.answer}\n".encode())


@contextmanager
def stop_request(answer: str = AFTER_THIS_STEP) -> Iterator[StopRequest]:
    """Inside this block Ctrl-C and a polite kill set the request instead of raising KeyboardInterrupt."""
    request = StopRequest()
    request.answer = answer
    before = {number: signal.signal(number, request.ask) for number in _SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
