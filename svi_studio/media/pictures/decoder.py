"""Has pictures decoded by another process, within limits of time and memory, and without waiting longer than asked.

A process that has answered is kept for the next picture: starting one costs a tenth of a second.
"""

import atexit
import contextlib
import hashlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Final

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.media.limited_process import LimitedProcess, TooSlow
from svi_studio.media.pictures.order import MAX_LINE, Answer, Order
from svi_studio.own_python import python_command

SECONDS: Final = 10.0
_START_SECONDS = 60.0  # on a computer that does much else; it does not count against a picture
_REMEMBERED_SECONDS = 300.0
_MOST_REMEMBERED = 64
_MOST_IDLE = 2
_MODULE = "svi_studio.media.pictures.decoding_process"
_READY = b"ready\n"


def decoded(order: Order, content: bytes, should_stop: Callable[[], bool] = lambda: False) -> Answer:
    """What the decoder says to ``order`` about a picture file's ``content``, in 10 seconds at most.

    Raises TooSlow, Crashed, Stopped as soon as ``should_stop`` says so, StudioError when no decoder can be started. A
    picture that took too long is not tried again for some minutes.
    """
    digest = hashlib.sha256(content).digest()
    _slow.check(digest)

    def check() -> None:
        if should_stop():
            raise Stopped("The reading of a picture was stopped.")

    try:
        process = _take(check)
        answer = process.ask(lambda orders, said: _exchange(order, content, orders, said), SECONDS, check)
    except TooSlow:
        _slow.remember(digest)
        raise
    _give_back(process)
    return answer


def end_idle() -> None:
    """Ends the processes that wait for the next picture."""
    while True:
        try:
            _idle.get_nowait().end()
        except queue.Empty:
            return


class _Slow:
    """The contents that took too long, and until when they are not tried again."""

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def check(self, digest: bytes) -> None:
        """Raises TooSlow for one of them."""
        with self._lock:
            if self._until.get(digest, 0.0) > time.monotonic():
                raise TooSlow

    def remember(self, digest: bytes) -> None:
        """Remembers a picture that took too long."""
        with self._lock:
            while len(self._until) >= _MOST_REMEMBERED:
                del self._until[next(iter(self._until))]
            self._until[digest] = time.monotonic() + _REMEMBERED_SECONDS


def _take(check: Callable[[], None]) -> LimitedProcess:
    """One that waits for the next picture, or a new one, which has said that it is ready."""
    with contextlib.suppress(queue.Empty):
        while not (process := _idle.get_nowait()).is_alive():
            process.end()
        return process
    try:
        process = LimitedProcess(python_command(_MODULE))
    except OSError as error:
        raise StudioError(f"Pictures cannot be read now ({error.strerror}): close other programs.") from error
    process.ask(_greeting, _START_SECONDS, check)
    return process


def _greeting(_orders: IO[bytes], answers: IO[bytes]) -> None:
    if answers.readline(MAX_LINE) != _READY:
        raise EOFError


def _exchange(order: Order, content: bytes, orders: IO[bytes], answers: IO[bytes]) -> Answer:
    orders.write(order.line(len(content)))
    orders.write(content)
    orders.flush()
    answer, count = Answer.read(answers.readline(MAX_LINE))
    pixels = answers.read(count)
    if len(pixels) != count:
        raise EOFError
    return replace(answer, pixels=pixels)


def _give_back(process: LimitedProcess) -> None:
    if _idle.qsize() < _MOST_IDLE:
        _idle.put(process)
    else:
        process.end()


_idle: "queue.SimpleQueue[LimitedProcess]" = queue.SimpleQueue()
_slow = _Slow()
atexit.register(end_idle)
