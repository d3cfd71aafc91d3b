"""One process at a time: locks on files that the system itself lets go when their owner dies."""

import errno
import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.real_path import Reached, require_kind
from svi_studio.domain.errors import StudioError

LOCK_NAME = ".lock"
_UNABLE = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class Lock:
    """A lock on the file ``file``, which holds nothing, or of the same name on this computer where a disk has none.

    The second one keeps out the processes of this computer only; a disk without locks leaves no better way.
    """

    def __init__(self, file: Path, fs: FsOps = REAL_DISK) -> None:
        self._file = file
        self._fs = fs
        self._lock = _file_lock(file)

    @property
    def file(self) -> Path:
        """The file that is locked."""
        return self._file

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return bool(self._lock.is_locked)

    def acquire(self, timeout: float = 0.0) -> bool:
        """Takes the lock; waits up to ``timeout`` seconds and says whether it is held now.

        Raises OSError, and Refused when the file is a link or the folder does not lie where the disk is bound to.
        """
        self._fs.require_folder(self._file.parent)
        require_kind(Reached(str(self._file), None), self._file, stat.S_IFREG, or_nothing=True)
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            return False
        except OSError as error:
            if error.errno not in _UNABLE:
                raise
            return self._acquire_here(timeout)
        return True

    def release(self) -> None:
        """Lets the lock go; nothing happens when it is not held."""
        self._lock.release()

    def _acquire_here(self, timeout: float) -> bool:
        place = user_cache_path("svi-studio", appauthor=False) / "locks"
        place.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(str(self._file.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
        self._lock = _file_lock(place / name)
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            return False
        return True


@contextmanager
def locked(folder: Path, timeout: float = 60.0, fs: FsOps = REAL_DISK) -> Iterator[None]:
    """Holds the lock of ``folder``; waits up to ``timeout`` seconds, then raises StudioError."""
    lock = Lock(folder / LOCK_NAME, fs)
    with plain_errors(folder):
        if not lock.acquire(timeout):
            raise StudioError(f"Another program is using {folder}: close it there and do it again.")
    try:
        yield
    finally:
        lock.release()


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock on ``file``. It is tried for an instant only."""
    if not file.is_file() or file.is_symlink():
        return False
    lock = Lock(file)
    try:
        is_free = lock.acquire()
    except (OSError, StudioError):  # nobody can lock there
        return False
    lock.release()
    return not is_free


def try_lock(file: Path, fs: FsOps = REAL_DISK) -> Lock | None:
    """The lock on ``file``, held until released or until this process ends; None when another one holds it."""
    lock = Lock(file, fs)
    with plain_errors(file):
        return lock if lock.acquire() else None


def _file_lock(file: Path) -> FileLock:
    return FileLock(file, thread_local=False, fallback_to_soft=False)
