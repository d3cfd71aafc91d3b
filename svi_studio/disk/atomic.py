"""Files and folders that appear whole under their final name or not at all, whenever the program or the power stops."""

import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.errors import from_os_error

Content = bytes | Iterable[bytes | memoryview]

_TEMPORARY = re.compile(r"\.svi-[0-9a-f]{16}\.tmp")


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turns an error of the disk at ``path`` into a StudioError or DiskFull of one sentence."""
    try:
        yield
    except OSError as error:
        raise from_os_error(error, path) from error


def atomic_write(path: Path, content: Content, fs: FsOps = REAL_DISK, *, sync: bool = True) -> None:
    """Writes ``content``, bytes or pieces of bytes, to ``path``: a reader sees all of it, or what was there before.

    Afterwards it is on the disk itself; without ``sync``, for what can be made again, a power cut may leave ``path``
    empty. Raises DiskFull or StudioError; then ``path`` is as it was.
    """
    with plain_errors(path):
        temporary = write_beside(path.parent, content, fs, sync=sync)
        give_name(temporary, path, fs, sync=sync)


def write_beside(folder: Path, content: Content, fs: FsOps = REAL_DISK, *, sync: bool = True) -> Path:
    """Writes ``content`` to a new temporary file in ``folder``; otherwise as ``write_new``."""
    temporary = folder / f".svi-{secrets.token_hex(8)}.tmp"
    write_new(temporary, content, fs, sync=sync)
    return temporary


def write_new(path: Path, content: Content, fs: FsOps = REAL_DISK, *, sync: bool = True) -> None:
    """Writes ``content`` to ``path``, where nothing is yet; with ``sync`` it is on the disk itself when this returns.

    Raises OSError; then nothing is left.
    """
    descriptor = fs.create(path)
    try:
        try:
            for piece in [content] if isinstance(content, bytes) else content:
                fs.write(descriptor, piece, path)
            if sync:
                fs.sync(descriptor, path)
        finally:
            os.close(descriptor)
    except (Exception, KeyboardInterrupt):
        _drop(path, fs)
        raise


def append(path: Path, data: bytes, fs: FsOps = REAL_DISK, *, sync: bool = True) -> None:
    """Adds ``data`` at the end of ``path``, which is made when it is not there; ``sync`` as above. Raises OSError."""
    descriptor = fs.open_append(path)
    try:
        fs.write(descriptor, data, path)
        if sync:
            fs.sync(descriptor, path)
    finally:
        os.close(descriptor)


def give_name(temporary: Path, path: Path, fs: FsOps = REAL_DISK, *, sync: bool = True) -> None:
    """Puts a finished temporary file in the place of ``path``, with ``sync`` on the disk itself. Raises OSError."""
    try:
        fs.replace(temporary, path)
    except OSError:
        _drop(temporary, fs)
        raise
    if sync:
        fs.sync_folder(path.parent)


def remove_leftovers(folder: Path, fs: FsOps = REAL_DISK, *, at_least: float = 0.0) -> None:
    """Removes the temporary files that a killed process left in ``folder``; the caller holds the folder's lock.

    Where others write without that lock, those stay that were changed less than ``at_least`` seconds ago.
    """
    with plain_errors(folder):
        for file in sorted(folder.iterdir()):
            if not _TEMPORARY.fullmatch(file.name):
                continue
            facts = file.lstat()
            if stat.S_ISREG(facts.st_mode) and (not at_least or facts.st_mtime <= time.time() - at_least):
                fs.remove(file)


def _drop(temporary: Path, fs: FsOps) -> None:
    with suppress(OSError):
        fs.remove(temporary)
