"""Reaches a name in a folder that the user opened without following a link, and says what lies there."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from svi_studio.domain.errors import Refused

_HAS_FOLDERS = os.open in os.supports_dir_fd
_WALK = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFLNK: "a link"}


class Reached(NamedTuple):
    """A name, and the open folder that it is a name in; without a folder, the name is a whole path."""

    name: str
    folder: int | None


@contextmanager
def reached(path: Path, root: Path | None) -> Iterator[Reached]:
    """``path`` as a name in its folder; below ``root``, no link is followed on the way.

    ``root`` itself may be reached through links: the user chose it. Without ``root`` the folder of ``path`` is what the
    user chose. Raises OSError, and Refused for a link on the way.
    """
    steps = _steps(path, root)
    if root is None or not steps:
        yield Reached(os.fspath(path), None)
    elif not _HAS_FOLDERS:
        _look_at_each(root, steps[:-1])
        yield Reached(os.fspath(path), None)
    else:
        descriptor = _walk(root, steps[:-1])
        try:
            yield Reached(steps[-1], descriptor)
        finally:
            os.close(descriptor)


def kind_of(at: Reached) -> int | None:
    """What lies at a name, as a file type of ``stat``; None for nothing. Links are not followed. Raises OSError."""
    try:
        found = os.stat(at.name, dir_fd=at.folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return stat.S_IFLNK if _is_windows_link(found) else stat.S_IFMT(found.st_mode)


def require_kind(at: Reached, path: Path, kind: int, *, or_nothing: bool = False) -> None:
    """Raises Refused unless ``kind`` lies at the name ``at``, or nothing where that is allowed; ``path`` is named."""
    found = kind_of(at)
    if found is None and not or_nothing:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if found not in (None, kind):
        raise refusal(path, found)


def refusal(path: Path, kind: int | None) -> Refused:
    """What to say about something at ``path`` that is not what this program writes there."""
    if kind == stat.S_IFLNK:
        return Refused(
            f"{path} is a link to another place, and nothing is written or deleted through a link: "
            "remove the link, or put what it points to in its place."
        )
    if kind == stat.S_IFREG:
        return Refused(f"{path} is a file where a folder belongs: move it away and do it again.")
    return Refused(f"{path} is {_KINDS.get(kind or 0, 'a device')}, not a file: move it away or choose another name.")


def _steps(path: Path, root: Path | None) -> tuple[str, ...]:
    if root is None or path == root:
        return ()
    steps = path.relative_to(root).parts  # ValueError: the program itself asked for a path outside of the folder
    if ".." in steps:
        raise ValueError(f"{path} leads out of {root}")
    return steps


def _walk(root: Path, steps: tuple[str, ...]) -> int:
    """An open folder: the one at the end of ``steps`` from ``root``."""
    descriptor, place = os.open(root, _WALK), root
    try:
        for step in steps:
            place = place / step
            inner = _step(descriptor, step, place)
            os.close(descriptor)
            descriptor = inner
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _step(descriptor: int, name: str, place: Path) -> int:
    try:
        return os.open(name, _WALK | _NO_FOLLOW, dir_fd=descriptor)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}:
            raise refusal(place, kind_of(Reached(name, descriptor))) from error
        raise


def _look_at_each(root: Path, steps: tuple[str, ...]) -> None:
    """Where the system opens no folders, each one on the way is looked at instead."""
    place = root
    for step in steps:
        place = place / step
        require_kind(Reached(os.fspath(place), None), place, stat.S_IFDIR)


def _is_windows_link(found: os.stat_result) -> bool:
    """Whether this is a junction; a file that a cloud disk has not fetched yet is no link."""
    return getattr(found, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
