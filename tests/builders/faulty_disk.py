"""Disks that fail: FsOps that count operations, raise an error at one, or end the process there, also in mid-write."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from svi_studio.disk.fs_ops import FsOps
from tests.forked import exit_code_of

ERRNOS = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES]
KILLED = 66


class PowerCut(BaseException):
    """Stands for the end of the process: no handler for errors of the disk may catch it."""


class CountingDisk(FsOps):
    def __init__(self) -> None:
        self.operations: list[str] = []
        self.paths: list[Path] = []

    def before(self, operation: str, path: Path) -> None:
        self.operations.append(operation)
        self.paths.append(path)


class FaultyDisk(CountingDisk):
    """Calls ``fault`` in place of operation ``at`` (from 0); with ``torn``, half of a write gets through before it.

    With ``for_good`` every later operation fails too, the ones that tidy up included.
    """

    def __init__(self, at: int, fault: Callable[[], None], *, torn: bool = False, for_good: bool = False) -> None:
        super().__init__()
        self._at, self._fault, self._torn, self._for_good = at, fault, torn, for_good

    def before(self, operation: str, path: Path) -> None:
        number = len(self.operations)
        super().before(operation, path)
        if number == self._at or (self._for_good and number > self._at):
            self._fault()

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> None:
        if self._torn and len(self.operations) == self._at:
            os.write(descriptor, data[: len(data) // 2])
        super().write(descriptor, data, path)


def failing(code: int) -> Callable[[], None]:
    def fault() -> None:
        raise OSError(code, os.strerror(code))

    return fault


def die() -> None:
    os._exit(KILLED)


def cut() -> None:
    raise PowerCut


def count(work: Callable[[FsOps], object]) -> int:
    """How many operations ``work`` does on a disk that works."""
    disk = CountingDisk()
    work(disk)
    return len(disk.operations)


def die_at(at: int, work: Callable[[FsOps], object], *, torn: bool = False) -> int:
    """Do ``work`` in a forked process that ends without any tidying at operation ``at``; returns its exit code."""
    return exit_code_of(lambda: work(FaultyDisk(at, die, torn=torn)))
