"""A process of our own and its three pipes; whoever speaks with it never waits, and needs no Qt object for it.

Each pipe has a thread, because on Windows nobody can wait for several at once. They end with the process.
"""

import contextlib
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import IO

from svi_studio.own_python import python_environment

_PIECE = 64 << 10  # bytes, what a pipe holds
_DRAIN_SECONDS = 1.0  # what it started itself may hold the pipes open, and say nothing more to us

Hear = Callable[[bytes], object]


class ChildProcess:
    """``hear`` gets what it writes to stdout, ``hear_error`` its stderr, then ``gone`` comes: all in other threads."""

    def __init__(self, command: Sequence[str], hear: Hear, hear_error: Hear, gone: Callable[[], object]) -> None:
        """Starts it, with this program's own packages. Raises OSError when that is not possible."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=python_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._is_left = False
        pipes = (
            _in_thread(self._write_all, self._process.stdin),
            _in_thread(self._read_all, self._process.stdout, hear),
            _in_thread(self._read_all, self._process.stderr, hear_error),
        )
        self._end = _in_thread(self._wait, pipes, gone)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def write(self, data: bytes) -> None:
        """Writes ``data`` to its stdin as soon as it reads."""
        self._requests.put(data)

    def close_input(self) -> None:
        """Ends its stdin after what was written before."""
        self._requests.put(None)

    def kill(self) -> None:
        """Ends it at once, a stopped one too, if the system can."""
        with contextlib.suppress(OSError):  # it ends already
            self._process.kill()

    def wait_for_end(self, milliseconds: int) -> bool:
        """Waits here; returns whether it has ended."""
        self._end.join(milliseconds / 1000)
        return not self._end.is_alive()

    def let_go(self) -> None:
        """Forgets a process that ends by itself: what it says is thrown away, and nobody waits for it."""
        self._is_left = True

    def _read_all(self, pipe: IO[bytes], hear: Hear) -> None:
        with pipe:
            while piece := pipe.read(_PIECE):
                if not self._is_left:
                    hear(piece)

    def _write_all(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:  # it has ended, or closed its stdin
            while (data := self._requests.get()) is not None:
                rest = memoryview(data)
                while rest:
                    rest = rest[pipe.write(rest) :]

    def _wait(self, pipes: tuple[threading.Thread, ...], gone: Callable[[], object]) -> None:
        self._process.wait()
        self.close_input()
        drained = monotonic() + _DRAIN_SECONDS
        for pipe in pipes:
            pipe.join(max(0.0, drained - monotonic()))
        if not self._is_left:
            gone()


def _in_thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
    """A thread that does not keep the program from its end: a hung driver may keep the process from its own."""
    thread = threading.Thread(target=work, args=arguments, daemon=True, name="worker's pipe")
    thread.start()
    return thread
