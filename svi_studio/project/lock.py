"""One process at a time: locks on files that the system itself lets go when their owner dies."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from svi_studio.domain.errors import StudioError
from svi_studio.project.atomic import plain_errors

LOCK_NAME = ".lock"


def require_folder(folder: Path) -> None:
    """Raise FileNotFoundError when ``folder`` is not there: a lock must not make a project anew that was deleted."""
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


@contextmanager
def locked(folder: Path, timeout: float = 60.0) -> Iterator[None]:
    """Hold the lock of ``folder``; waits up to ``timeout`` seconds, then raises StudioError."""
    lock = FileLock(folder / LOCK_NAME)
    with plain_errors(folder):
        require_folder(folder)
        try:
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise StudioError(f"Another program is using {folder}: close it there and do it again.") from error
    try:
        yield
    finally:
        lock.release()


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock on ``file``. It is tried for an instant only."""
    if not file.is_file() or file.is_symlink():
        return False
    try:
        with FileLock(file, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # nobody can lock there
        return False


def try_lock(file: Path) -> FileLock | None:
    """The lock on ``file``, held until released or until this process ends; None when another one holds it."""
    lock = FileLock(file)
    with plain_errors(file):
        require_folder(file.parent)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
    return lock
