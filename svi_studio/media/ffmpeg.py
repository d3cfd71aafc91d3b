"""One running ffmpeg, the one that ships with imageio-ffmpeg, and its complaints as plain sentences."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

from svi_studio.domain.errors import BadInput, StudioError, from_os_error

_NO_SPACE = ("No space left on device", "Disk quota exceeded", "File too large")


@cache
def ffmpeg_path() -> str:
    """Path of the bundled ffmpeg program; raises StudioError when it is not installed."""
    import imageio_ffmpeg  # noqa: PLC0415 - slow to import, and only needed once a film is written or read

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise StudioError(
            "The video program ffmpeg was not found; install the package imageio-ffmpeg again."
        ) from error


def ask_ffmpeg(arguments: Sequence[str], path: Path, seconds: float = 120.0) -> "subprocess.CompletedProcess[bytes]":
    """What ffmpeg says and prints about the file ``path``. Raises BadInput when it takes longer than ``seconds``."""
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise BadInput(f'"{path}" took too long to be read: copy it to a quicker disk.') from error


class Ffmpeg:
    """A running ffmpeg; it does not receive the terminal's Ctrl-C, so a film can be ended in good order."""

    def __init__(self, arguments: Sequence[str], *, feed: bool = False, read: bool = False) -> None:
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in finish() and kill()
        command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", *arguments]
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE if read else subprocess.DEVNULL,
            stderr=self._complaints,
            **_apart_from_the_terminal(),
        )

    @property
    def pipe_in(self) -> IO[bytes]:
        """Where frames go in; only with ``feed=True``."""
        assert self._process.stdin is not None  # noqa: S101 - a fact of how the process was started
        return self._process.stdin

    @property
    def pipe_out(self) -> IO[bytes]:
        """Where frames come out; only with ``read=True``."""
        assert self._process.stdout is not None  # noqa: S101 - a fact of how the process was started
        return self._process.stdout

    def finish(self) -> tuple[int, str]:
        """Closes the pipes and waits; returns the exit status and what ffmpeg wrote to its error output."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.close()
        except OSError:
            pass  # the pipe broke because ffmpeg ended early: its exit status tells
        if self._process.stdout is not None:
            self._process.stdout.close()
        status = self._process.wait()
        return status, self._read_complaints()

    def kill(self) -> None:
        """Ends ffmpeg at once; safe to call twice and after ``finish``."""
        if self._process.poll() is None:
            self._process.kill()
        self.finish()

    def _read_complaints(self) -> str:
        if self._complaints.closed:
            return ""
        self._complaints.seek(0)
        text = self._complaints.read(64_000).decode("utf-8", "replace")
        self._complaints.close()
        return text


def write_failure(target: Path, complaints: str) -> StudioError:
    """The sentence for an ffmpeg that could not write ``target``, from its own error text."""
    if any(words in complaints for words in _NO_SPACE) or _disk_is_full(target.parent):
        return from_os_error(OSError(errno.ENOSPC, ""), target)
    if "Permission denied" in complaints:
        return from_os_error(OSError(errno.EACCES, ""), target)
    if "Read-only file system" in complaints:
        return from_os_error(OSError(errno.EROFS, ""), target)
    return StudioError(f'The film "{target}" could not be written: {last_line(complaints)}.')


def read_failure(source: Path, complaints: str) -> BadInput:
    """The sentence for an ffmpeg that could not read ``source``."""
    return BadInput(f'The video "{source}" could not be read: {last_line(complaints)}.')


def last_line(complaints: str) -> str:
    """The last thing that ffmpeg said, as the end of a sentence."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "ffmpeg ended early without a reason"


def _disk_is_full(folder: Path) -> bool:
    if not hasattr(os, "statvfs"):
        return False
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < 64 * 1024


def _apart_from_the_terminal() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}
