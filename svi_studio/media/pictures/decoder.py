"""Has pictures decoded by another process, within limits of time and memory, and without waiting longer than asked.

A process that has answered is kept for the next picture: starting one costs a tenth of a second.
"""

import atexit
import contextlib
import hashlib
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Final

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.media.pictures.order import MAX_LINE, Answer, Order
from svi_studio.own_python import python_command, python_environment

SECONDS: Final = 10.0
_START_SECONDS = 60.0  # on a computer that does much else; it does not count against a picture
_LOOK_SECONDS = 0.05
_REMEMBERED_SECONDS = 300.0
_MOST_REMEMBERED = 64
_MOST_IDLE = 2
_MODULE = "svi_studio.media.pictures.decoding_process"
_READY = b"ready\n"


class TooSlow(Exception):  # noqa: N818 - says what it is
    """The picture was not decoded in time."""


class Crashed(Exception):  # noqa: N818 - says what it is
    """The decoder ended, or answered nonsense."""


def decoded(order: Order, content: bytes, should_stop: Callable[[], bool] = lambda: False) -> Answer:
    """What the decoder says to ``order`` about a picture file's ``content``, in 10 seconds at most.

    Raises TooSlow, Crashed, Stopped as soon as ``should_stop`` says so, StudioError when no decoder can be started. A
    picture that took too long is not tried again for some minutes.
    """
    digest = hashlib.sha256(content).digest()
    _slow.check(digest)
    process = _take()
    try:
        answer = process.ask(order, content, should_stop)
    except TooSlow:
        process.end()
        _slow.remember(digest)
        raise
    except BaseException:
        process.end()
        raise
    _give_back(process)
    return answer


def end_idle() -> None:
    """End the processes that wait for the next picture."""
    while True:
        try:
            _idle.get_nowait().end()
        except queue.Empty:
            return


class _Process:
    """One decoder. Used by one thread at a time; each question has a thread of its own that talks to the pipes."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(
                python_command(_MODULE),
                env=python_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for whoever waits, and is answered there
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise StudioError(f"Pictures cannot be read now ({error.strerror}): close other programs.") from error
        self._is_ready = False

    def ask(self, order: Order, content: bytes, should_stop: Callable[[], bool]) -> Answer:
        """See ``decoded``."""
        if not self._is_ready:
            self._wait(self._greeting, _START_SECONDS, should_stop)
            self._is_ready = True
        return self._wait(lambda: self._exchange(order, content), SECONDS, should_stop)

    def end(self) -> None:
        """End it at once; nothing of it is left."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written to it
                    pipe.close()

    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def _wait(self, work: Callable[[], Answer], seconds: float, should_stop: Callable[[], bool]) -> Answer:
        """What ``work`` gives, which happens in a thread: a pipe cannot be waited for with a limit everywhere."""
        answers: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        thread = threading.Thread(target=_answer_into, args=(answers, work), name="picture decoder", daemon=True)
        thread.start()
        try:
            found = self._first(answers, time.monotonic() + seconds, should_stop)
        except BaseException:
            self._process.kill()  # which ends the thread too
            raise
        finally:
            thread.join()
        if isinstance(found, Exception):
            raise self._reason() from found
        return found

    def _first(
        self, answers: "queue.SimpleQueue[Answer | Exception]", end: float, should_stop: Callable[[], bool]
    ) -> Answer | Exception:
        while True:
            with contextlib.suppress(queue.Empty):
                return answers.get(timeout=_LOOK_SECONDS)
            if should_stop():
                raise Stopped("The reading of a picture was stopped.")
            if time.monotonic() > end:
                raise TooSlow

    def _reason(self) -> Exception:
        """Why there is no answer: the system ends a process that has used up its seconds with a signal of its own."""
        self._process.kill()
        status = self._process.wait()
        if sys.platform != "win32":
            import signal  # noqa: PLC0415 - the name is not there on Windows

            if status == -signal.SIGXCPU:
                return TooSlow()
        return Crashed(status)

    def _greeting(self) -> Answer:
        if self._pipe(self._process.stdout).readline(MAX_LINE) != _READY:
            raise EOFError
        return Answer()

    def _exchange(self, order: Order, content: bytes) -> Answer:
        orders, answers = self._pipe(self._process.stdin), self._pipe(self._process.stdout)
        orders.write(order.line(len(content)))
        orders.write(content)
        orders.flush()
        answer, count = Answer.read(answers.readline(MAX_LINE))
        pixels = answers.read(count)
        if len(pixels) != count:
            raise EOFError
        return replace(answer, pixels=pixels)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise EOFError
        return pipe


class _Slow:
    """The contents that took too long, and until when they are not tried again."""

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def check(self, digest: bytes) -> None:
        """Raise TooSlow for one of them."""
        with self._lock:
            if self._until.get(digest, 0.0) > time.monotonic():
                raise TooSlow

    def remember(self, digest: bytes) -> None:
        """This one took too long."""
        with self._lock:
            while len(self._until) >= _MOST_REMEMBERED:
                del self._until[next(iter(self._until))]
            self._until[digest] = time.monotonic() + _REMEMBERED_SECONDS


def _answer_into(answers: "queue.SimpleQueue[Answer | Exception]", work: Callable[[], Answer]) -> None:
    try:
        answers.put(work())
    except (OSError, ValueError, EOFError, TypeError) as error:  # the process is gone or talks nonsense
        answers.put(error)


def _take() -> _Process:
    while True:
        try:
            process = _idle.get_nowait()
        except queue.Empty:
            return _Process()
        if process.is_alive():
            return process
        process.end()


def _give_back(process: _Process) -> None:
    if _idle.qsize() < _MOST_IDLE:
        _idle.put(process)
    else:
        process.end()


_idle: "queue.SimpleQueue[_Process]" = queue.SimpleQueue()
_slow = _Slow()
atexit.register(end_idle)
