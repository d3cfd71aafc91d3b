"""Every operation that changes the disk for a project, in one class: a test can count, fail or stop at any one."""

import os
import shutil
import sys
from pathlib import Path

_CHUNK = 1 << 20


class FsOps:
    """The real disk. Each method calls ``before`` first; a subclass may raise there or end the process."""

    def before(self, operation: str, path: Path) -> None:
        """Called ahead of ``operation`` on ``path``; does nothing here."""

    def make_folder(self, path: Path) -> None:
        """Make the folder ``path`` and those above it, on the disk itself; no error when it is there."""
        if path.is_dir():
            return
        self.make_folder(path.parent)
        self.before("make_folder", path)
        path.mkdir(exist_ok=True)
        self.sync_folder(path.parent)

    def create(self, path: Path) -> int:
        """Open a new file for writing; an error when it is there already."""
        self.before("create", path)
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)

    def open_append(self, path: Path) -> int:
        """Open a file for writing at its end, making it when it is not there."""
        self.before("open_append", path)
        return os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)

    def write(self, descriptor: int, data: bytes, path: Path) -> None:
        """Write all of ``data``."""
        view = memoryview(data)
        while view:
            self.before("write", path)
            view = view[os.write(descriptor, view[:_CHUNK]) :]

    def sync(self, descriptor: int, path: Path) -> None:
        """Wait until what was written is on the disk itself, its own cache included where the system can say so."""
        self.before("sync", path)
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)

    def sync_file(self, path: Path) -> None:
        """Wait until a file that somebody else wrote is on the disk."""
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            self.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in the folder are on the disk; Windows does that by itself."""
        self.before("sync_folder", path)
        if os.name == "nt":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Give ``source`` the name ``target`` in one step, in place of a file of that name."""
        self.before("replace", target)
        source.replace(target)

    def rename_folder(self, source: Path, target: Path) -> None:
        """Give the folder ``source`` the name ``target``, which is free."""
        self.before("rename_folder", target)
        source.rename(target)

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file to ``size`` bytes and wait until that is on the disk."""
        self.before("truncate", path)
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            os.ftruncate(descriptor, size)
            self.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove a file; no error when it is gone."""
        self.before("remove", path)
        path.unlink(missing_ok=True)

    def remove_tree(self, path: Path) -> None:
        """Remove a folder with everything in it; no error when it is gone. Links are removed, not followed."""
        self.before("remove_tree", path)
        if path.is_dir():
            shutil.rmtree(path)


REAL_DISK = FsOps()
