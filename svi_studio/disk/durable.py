"""Waits until bytes and names are on the disk itself, as far as that disk can say so; a fault is never passed over."""

import errno
import os
import sys
from pathlib import Path

_UNABLE = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY}
_UNABLE_FOLDER = _UNABLE | {errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR}


def sync_descriptor(descriptor: int) -> None:
    """Waits until what was written to an open file is on the disk, its own cache included where the system can say so.

    A disk that has no such thing, as shared folders of virtual machines, is left to itself. Raises OSError on a fault.
    """
    if sys.platform == "darwin" and _full_sync(descriptor):
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise


def sync_file_at(path: Path) -> None:
    """Waits until a file that somebody else wrote is on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def sync_names(folder: Path | str, within: int | None = None) -> None:
    """Waits until the names in ``folder`` are on the disk; Windows does that by itself.

    ``within`` is an open folder that ``folder`` is a name in. Some disks open no folder, or cannot sync one: there is
    nothing more to be done there then. Raises OSError on a fault, as EIO.
    """
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=within)
    except OSError as error:
        if error.errno in _UNABLE_FOLDER:
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNABLE_FOLDER:
            raise
    finally:
        os.close(descriptor)


def _full_sync(descriptor: int) -> bool:
    """macOS only empties the disk's own cache when asked so; False where the disk does not know the request."""
    import fcntl  # noqa: PLC0415 - not there on Windows

    try:
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        return False
    return True
