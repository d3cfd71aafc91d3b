"""Every operation by which a training changes the disk, in one class: a test can count, fail or stop at any one."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from svi_studio.disk.durable import sync_descriptor, sync_file_at, sync_names

_PIECE = 1 << 22


class Disk:
    """The real disk. Each method calls ``before`` first; a subclass may raise there or end the process."""

    def before(self, operation: str, path: Path) -> None:
        """Called ahead of ``operation`` on ``path``; does nothing here."""

    def make_folder(self, path: Path) -> None:
        """Make the folder ``path`` and those above it; no error when it is there."""
        self.before("make_folder", path)
        path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, pieces: Iterable[bytes | memoryview]) -> str:
        """Write ``pieces`` to the file ``path``, durably; returns the SHA-256 of what was written."""
        digest = hashlib.sha256()
        self.before("create", path)
        with path.open("wb") as file:
            for piece in pieces:
                view = memoryview(piece)
                for start in range(0, len(view), _PIECE):
                    part = view[start : start + _PIECE]
                    digest.update(part)
                    self.put(file.fileno(), part, path)
            self.before("sync", path)
            sync_descriptor(file.fileno())
        return digest.hexdigest()

    def put(self, descriptor: int, data: memoryview, path: Path) -> None:
        """Write all of ``data``."""
        self.before("write", path)
        while data:
            data = data[os.write(descriptor, data) :]

    def append(self, path: Path, data: bytes) -> None:
        """Add ``data`` to the end of a file."""
        self.before("append", path)
        with path.open("ab") as file:
            file.write(data)

    def sync_file(self, path: Path) -> None:
        """Wait until a file that somebody else wrote is on the disk."""
        self.before("sync", path)
        sync_file_at(path)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in the folder are on the disk; Windows does that by itself."""
        self.before("sync_folder", path)
        sync_names(path)

    def rename(self, source: Path, target: Path) -> None:
        """Give ``source`` the name ``target``; a file of that name is replaced, a folder must not be there."""
        self.before("rename", target)
        source.replace(target)

    def remove_file(self, path: Path) -> None:
        """Remove a file; no error when it is gone."""
        self.before("remove_file", path)
        path.unlink(missing_ok=True)

    def remove_tree(self, path: Path) -> None:
        """Remove a folder with everything in it; no error when it is gone."""
        self.before("remove_tree", path)
        if path.is_dir():
            shutil.rmtree(path)


REAL_DISK = Disk()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
