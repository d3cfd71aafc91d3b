"""A program in a process of its own that opens what comes from outside: it is waited for so long and no longer."""

import contextlib
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Any, TypeVar, cast

from svi_studio.own_python import python_environment

_LOOK_SECONDS = 0.05
_Answer = TypeVar("_Answer")


class TooSlow(Exception):  # noqa: N818 - says what it is
    """There was no answer in time, or the system ended the process because it had used up its seconds."""


class Crashed(Exception):  # noqa: N818 - says what it is
    """The process ended, or answered nonsense."""


class LimitedProcess:
    """One process, used by one thread at a time; each question has a thread of its own that talks to the pipes."""

    def __init__(self, command: Sequence[str], errors: int | IO[Any] | None = subprocess.DEVNULL) -> None:
        """Starts ``command``, whose stderr goes to ``errors`` as in ``subprocess``. Raises OSError."""
        self._process = subprocess.Popen(
            command,
            env=python_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for whoever waits, and is answered there
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._beaten = 0.0

    def ask(
        self,
        talk: Callable[[IO[bytes], IO[bytes]], _Answer],
        seconds: float,
        check: Callable[[], None] = lambda: None,
    ) -> _Answer:
        """What ``talk`` returns, which gets the pipes to and from the process, ``seconds`` after its ``beat`` at most.

        ``check`` is called all the while and may raise. Raises TooSlow, and Crashed when ``talk`` raises OSError,
        ValueError, TypeError, LookupError or EOFError. After any error the process has ended, nothing of it is left.
        """
        answers: queue.SimpleQueue[_Answer | Exception] = queue.SimpleQueue()
        told = (answers, talk, *cast("tuple[IO[bytes], IO[bytes]]", (self._process.stdin, self._process.stdout)))
        thread = threading.Thread(target=_answer_into, args=told, name="limited process", daemon=True)
        self.beat()
        thread.start()  # a pipe cannot be waited for with a limit everywhere
        try:
            found = self._first(answers, seconds, check)
            if isinstance(found, Exception):
                raise self._reason() from found
        except BaseException:
            self._process.kill()  # which ends the thread too
            thread.join()
            self.end()
            raise
        thread.join()
        return found

    def beat(self) -> None:
        """Counts the seconds anew; for ``talk``, when the process says that it gets on."""
        self._beaten = time.monotonic()

    def finished(self, seconds: float) -> int:
        """The exit status of a process that ends by itself; raises TooSlow."""
        self.ask(lambda _, answers: answers.read(), seconds)
        status = self._process.wait()
        self.end()
        return status

    def end(self) -> None:
        """Ends it at once; nothing of it is left."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written to it
                    pipe.close()

    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def _first(
        self, answers: "queue.SimpleQueue[_Answer | Exception]", seconds: float, check: Callable[[], None]
    ) -> _Answer | Exception:
        while True:
            with contextlib.suppress(queue.Empty):
                return answers.get(timeout=_LOOK_SECONDS)
            check()
            if time.monotonic() > self._beaten + seconds:
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


def _answer_into(
    answers: "queue.SimpleQueue[_Answer | Exception]",
    talk: Callable[[IO[bytes], IO[bytes]], _Answer],
    orders: IO[bytes],
    said: IO[bytes],
) -> None:
    try:
        answers.put(talk(orders, said))
    except (OSError, ValueError, TypeError, LookupError, EOFError) as error:  # it is gone or talks nonsense
        answers.put(error)
