"""Every operation that changes the disk, in one class: none goes through a link, and a test can fail any one."""

import copy
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Self

from svi_studio.disk.durable import sync_descriptor, sync_file_at, sync_names
from svi_studio.disk.exchange import exchange_names
from svi_studio.disk.real_path import Reached, kind_of, reached, refusal, require_kind

_CHUNK = 1 << 20
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FREE_OR_FILE = (None, stat.S_IFREG)
_BUSY_SECONDS = 3.0 if sys.platform == "win32" else 0.0
"""Windows gives no other name to what is open, nor removes it, and what was just written a virus scanner soon opens."""
_LOOK_SECONDS = 0.02


class FsOps:
    """The real disk. Each method calls ``before`` first; a subclass may raise there or end the process.

    What is written, cut or removed must be a real file or folder itself; a link, a pipe or a device is Refused. Below
    the folder that ``below`` names, every folder on the way must be a real one too.
    """

    _root: Path | None = None
    _unbound: "FsOps | None" = None

    def below(self, root: Path) -> Self:
        """This disk as seen from the folder ``root``, which the user chose and which may be reached through links.

        Nothing outside of it can be changed then. A disk that is bound to a folder already stays so.
        """
        if self._root is not None:
            return self
        bound = copy.copy(self)
        bound._root, bound._unbound = root, self
        return bound

    def before(self, operation: str, path: Path) -> None:
        """Called ahead of ``operation`` on ``path``; does nothing here."""

    def _tell(self, operation: str, path: Path) -> None:
        (self._unbound or self).before(operation, path)

    def require_folder(self, path: Path) -> None:
        """Raises Refused when ``path`` or a folder on the way to it is a link, FileNotFoundError when it is missing."""
        if path == self._root or self._root is None:
            if not path.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
            return
        with reached(path, self._root) as at:
            require_kind(at, path, stat.S_IFDIR)

    def make_folder(self, path: Path) -> None:
        """Makes the folder ``path`` and those above it, on the disk itself; no error when it is there."""
        if self._inside(path) is not None:
            self.make_folder(path.parent)  # the way to ``path`` is there before it is walked
        if self._has_folder(path):
            return
        self.make_folder(path.parent)
        self._tell("make_folder", path)
        with reached(path, self._inside(path)) as at, suppress(FileExistsError):
            os.mkdir(at.name, dir_fd=at.folder)
        self.sync_folder(path.parent)

    def create(self, path: Path) -> int:
        """Opens a new file for writing; an error when anything of that name is there already."""
        self._tell("create", path)
        with reached(path, self._root) as at:
            return os.open(at.name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _PLAIN, 0o666, dir_fd=at.folder)

    def open_again(self, path: Path) -> int:
        """Opens a file that is there for writing, at its beginning, keeping what it holds."""
        self._tell("open_again", path)
        return self._open_plain(path, os.O_WRONLY)

    def reserve(self, descriptor: int, size: int, path: Path) -> None:
        """Makes an open file at least ``size`` bytes long, with room on the disk for them where the disk can say so."""
        self._tell("reserve", path)
        if size <= os.fstat(descriptor).st_size:
            return
        try:
            os.posix_fallocate(descriptor, 0, size)
        except (AttributeError, OSError) as error:  # Windows keeps the room by the length alone
            if isinstance(error, OSError) and error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}:
                raise
            os.ftruncate(descriptor, size)

    def open_append(self, path: Path) -> int:
        """Opens a file for writing at its end, making it when it is not there."""
        self._tell("open_append", path)
        return self._open_plain(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> None:
        """Writes all of ``data``."""
        view = memoryview(data)
        while view:
            self._tell("write", path)
            view = view[os.write(descriptor, view[:_CHUNK]) :]

    def sync(self, descriptor: int, path: Path) -> None:
        """Waits until what was written is on the disk itself, its own cache included where the system can say so."""
        self._tell("sync", path)
        sync_descriptor(descriptor)

    def sync_file(self, path: Path) -> None:
        """Waits until a file that somebody else wrote is on the disk."""
        descriptor = self._open_plain(path, os.O_RDWR)
        try:
            self.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Waits until the names in the folder are on the disk, where that disk can do so."""
        self._tell("sync_folder", path)
        with reached(path, self._inside(path)) as at:
            sync_names(at.name, at.folder)

    def replace(self, source: Path, target: Path) -> None:
        """Gives the file ``source`` the name ``target`` in one step, in place of a file of that name."""
        self._tell("replace", target)
        with reached(source, self._root) as old, reached(target, self._root) as new:
            require_kind(old, source, stat.S_IFREG)
            self._require_replaceable(new, target)
            _when_free(lambda: os.replace(old.name, new.name, src_dir_fd=old.folder, dst_dir_fd=new.folder))

    def rename_folder(self, source: Path, target: Path) -> None:
        """Gives the folder ``source`` the name ``target``, which is free."""
        self._tell("rename_folder", target)
        with reached(source, self._root) as old, reached(target, self._root) as new:
            require_kind(old, source, stat.S_IFDIR)
            if kind_of(new) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
            _when_free(lambda: os.rename(old.name, new.name, src_dir_fd=old.folder, dst_dir_fd=new.folder))

    def exchange(self, one: Path, other: Path) -> bool:
        """Lets two folders trade their names in one step; False, and nothing done, where the system cannot do that."""
        self._tell("exchange", other)
        return exchange_names(one, other)

    def link_file(self, source: Path, target: Path) -> None:
        """Gives a plain file a second name, ``target``, which is free; a durable copy where the disk knows no links."""
        self._tell("link_file", target)
        try:
            os.link(source, target, follow_symlinks=False)
        except (OSError, NotImplementedError):
            shutil.copyfile(source, target, follow_symlinks=False)
            if not target.is_symlink():
                sync_file_at(target)  # before it is as read-only as the other
            shutil.copystat(source, target, follow_symlinks=False)

    def truncate(self, path: Path, size: int) -> None:
        """Cuts the file to ``size`` bytes and waits until that is on the disk."""
        self._tell("truncate", path)
        descriptor = self._open_plain(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, size)
            self.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Removes a file; no error when it is gone."""
        self._tell("remove", path)
        with reached(path, self._root) as at:
            require_kind(at, path, stat.S_IFREG, or_nothing=True)
            with suppress(FileNotFoundError):
                _when_free(lambda: os.unlink(at.name, dir_fd=at.folder))

    def remove_folder(self, path: Path) -> None:
        """Removes an empty folder; no error when it is gone or holds something."""
        self._tell("remove_folder", path)
        with reached(path, self._root) as at:
            require_kind(at, path, stat.S_IFDIR, or_nothing=True)
            _remove_empty(at)

    def remove_tree(self, path: Path, last: str = "", only: Collection[str] | None = None) -> None:
        """Removes a folder with everything in it, ``last`` after all else; no error when it is gone.

        With ``only``, the names that may go beside ``last``, a folder that holds anything else stays with the rest.
        Links in it are removed, not followed.
        """
        self._tell("remove_tree", path)
        with reached(path, self._root) as at:
            require_kind(at, path, stat.S_IFDIR, or_nothing=True)
            if kind_of(at) is None:
                return
        entries = [entry for entry in path.iterdir() if only is None or entry.name in only or entry.name == last]
        for entry in sorted(entries, key=lambda entry: (entry.name == last, entry.name)):
            self._remove_any(entry)
        with reached(path, self._root) as at:
            _remove_empty(at)

    def _remove_any(self, path: Path) -> None:
        with reached(path, self._root) as at:
            if kind_of(at) != stat.S_IFDIR:
                _when_free(lambda: os.unlink(at.name, dir_fd=at.folder))
            elif at.folder is None:
                _when_free(lambda: shutil.rmtree(at.name))
            else:
                shutil.rmtree(at.name, dir_fd=at.folder)

    def _open_plain(self, path: Path, flags: int) -> int:
        """Opens a plain file itself, not what a link points to; never waits, as a pipe would make it."""
        with reached(path, self._root) as at:
            require_kind(at, path, stat.S_IFREG, or_nothing=bool(flags & os.O_CREAT))
            descriptor = os.open(at.name, flags | _PLAIN, 0o666, dir_fd=at.folder)
        kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
        if kind != stat.S_IFREG:
            os.close(descriptor)
            raise refusal(path, kind)
        return descriptor

    def _has_folder(self, path: Path) -> bool:
        inside = self._inside(path)
        if inside is None:
            return path.is_dir()
        with reached(path, inside) as at:
            require_kind(at, path, stat.S_IFDIR, or_nothing=True)
            return kind_of(at) is not None

    def _inside(self, path: Path) -> Path | None:
        """The folder that the user chose, where ``path`` lies below it; None for that folder and those above it."""
        return None if self._root is None or self._root.is_relative_to(path) else self._root

    def _require_replaceable(self, at: Reached, target: Path) -> None:
        """A link where the user chose the folder is replaced, not followed; in a film it is Refused."""
        kind = kind_of(at)
        if kind not in _FREE_OR_FILE and (kind != stat.S_IFLNK or self._root is not None):
            raise refusal(target, kind)


def _remove_empty(at: Reached) -> None:
    try:
        _when_free(lambda: os.rmdir(at.name, dir_fd=at.folder))
    except OSError as error:
        if error.errno not in {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST}:
            raise


def _when_free(change: Callable[[], object]) -> None:
    """Makes a change, if need be after a while, when nobody has its file open any more. Raises OSError."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            change()
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


REAL_DISK = FsOps()
