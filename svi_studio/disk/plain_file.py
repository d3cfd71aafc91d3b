"""Opens a file for reading: a plain one, of a size that it can have, without waiting for anything."""

import hashlib
import os
import stat
import sys
from io import BufferedReader
from pathlib import Path

from svi_studio.disk.real_path import reached, refusal, require_kind
from svi_studio.domain.errors import Refused

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class TooLarge(Refused):
    """A file of more bytes than one of its kind can have; it was not read."""


def open_plain(path: Path, most: int, *, root: Path | None = None) -> BufferedReader:
    """The file ``path``, opened for reading its bytes.

    A pipe or a device is Refused before anything is read, and so is a file of more than ``most`` bytes. With ``root``,
    the folder of a film, ``path`` lies in it and no link on the way is followed. Raises OSError, TooLarge and Refused.
    """
    with reached(path, root) as at:
        if root is None:
            _look(path)
        else:
            require_kind(at, path, stat.S_IFREG)
        descriptor = os.open(at.name, _READ | (_NO_FOLLOW if root else 0), dir_fd=at.folder)
    stream = os.fdopen(descriptor, "rb")
    try:
        _check(os.fstat(descriptor), path, most)
    except BaseException:
        stream.close()
        raise
    return stream


def read_plain(path: Path, most: int, *, root: Path | None = None) -> bytes:
    """The content of the file ``path``, at most ``most`` bytes; raises as ``open_plain``."""
    with open_plain(path, most, root=root) as stream:
        content = stream.read(most + 1)
    if len(content) > most:  # it grew meanwhile
        raise _too_large(path, most)
    return content


def sha256_of(path: Path, most: int = sys.maxsize) -> str:
    """SHA-256 of a file's content as 64 hexadecimal digits, read in small pieces; raises as ``open_plain``."""
    with open_plain(path, most) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_plain(path: Path, most: int) -> None:
    """Raises as ``open_plain`` would, for a file that another program is to read."""
    _check(path.stat(), path, most)


def _look(path: Path) -> None:
    """Before it is opened: opening alone can set a device going."""
    kind = stat.S_IFMT(path.stat().st_mode)
    if kind != stat.S_IFREG:
        raise refusal(path, kind)


def _check(found: os.stat_result, path: Path, most: int) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise refusal(path, kind)
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> TooLarge:
    return TooLarge(f"{path} is larger than {max(1, most >> 20)} MB, more than such a file can have: choose another.")
