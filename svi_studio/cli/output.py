"""What a command prints: when it can be printed no more, one sentence says so, and the command has failed."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TextIO

from svi_studio.domain.errors import StudioError


class OutputLost(StudioError):  # noqa: N818 - says what happened, as its kin do
    """The output is closed, or the disk that it goes to is full."""


class _Output(io.TextIOBase):
    """The output with its own errors told apart from those of a film's files."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._stream, "encoding", "utf-8")

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with _told():
            if self._stream is None:
                raise OSError(errno.EBADF, "it is closed")
            return self._stream.write(text)

    def flush(self) -> None:
        with _told():
            if self._stream is not None:
                self._stream.flush()

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        if self._stream is None:
            raise OSError(errno.EBADF, "it is closed")
        return self._stream.fileno()


@contextmanager
def checked_output() -> Iterator[None]:
    """Prints in here, all of it before this ends. Raises OutputLost, and BrokenPipeError when nobody reads any more."""
    output = _Output(sys.stdout)
    with redirect_stdout(output):
        yield
        output.flush()


def forget_output() -> None:
    """What could not be printed is not tried again when the program ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is closed"
        raise OutputLost(f"The output could not be written ({reason}): send it somewhere else.") from error
