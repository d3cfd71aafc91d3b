"""A take in the making: a hidden folder that its process holds locked, until it is published or thrown away."""

import re
import secrets
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from svi_studio.domain.errors import StudioError
from svi_studio.domain.job import ClipJob
from svi_studio.domain.take import MANIFEST, Take
from svi_studio.project.atomic import atomic_write, plain_errors, publish_folder
from svi_studio.project.fs_ops import FsOps
from svi_studio.project.lock import locked, try_lock
from svi_studio.project.take_folder import describe_files, read_manifest, remove_take, take_exists

_PREFIX = ".draft-"
_LOCK = ".lock"
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


class Draft:
    """One take in the making. Files go where ``path`` says; nobody sees them before ``commit``."""

    def __init__(self, store: Path, folder: Path, lock: FileLock, job: ClipJob, fs: FsOps) -> None:
        """For ``begin_draft``, which is the way to get a draft."""
        self._store = store
        self._folder = folder
        self._lock = lock
        self._job = job
        self._fs = fs

    def path(self, name: str) -> Path:
        """Where the file ``name`` is to be written. Raises ValueError when that is no plain file name."""
        if not _FILE_NAME.fullmatch(name) or name == MANIFEST:
            raise ValueError(f"{name!r} cannot be a file of a take")
        return self._folder / name

    def commit(self, take: Take) -> Take:
        """Make the take exist; returns it with ``files`` filled in.

        When another process committed the same take first, that one stays and is returned. Raises DiskFull or
        StudioError; then the take does not exist, and the draft can be thrown away.
        """
        if (take.take_hash, take.parent_hash) != (self._job.take_hash, self._job.parent_hash):
            raise ValueError("the take belongs to another job than the draft")
        final = self._store / take.take_hash
        with plain_errors(self._folder):
            whole = take.model_copy(update={"files": describe_files(self._folder)})
        with locked(self._store):
            if take_exists(final):
                whole = read_manifest(final)
            else:
                self._publish(whole, final)
        self.discard()
        return whole

    def discard(self) -> None:
        """Throw the draft away; nothing happens when it was committed. A fault of the disk leaves it to be cleaned."""
        with suppress(OSError):
            self._fs.remove_tree(self._folder)
        self._lock.release()
        with suppress(OSError):
            _lock_file(self._folder).unlink(missing_ok=True)

    def _publish(self, take: Take, final: Path) -> None:
        with plain_errors(final):
            if final.exists():
                remove_take(final, self._fs)
        publish_folder(self._folder, final, self._fs)
        atomic_write(final / MANIFEST, take.model_dump_json(indent=1).encode() + b"\n", self._fs)


def begin_draft(store: Path, job: ClipJob, fs: FsOps) -> Draft:
    """A new, empty draft in the folder ``store``. Raises DiskFull or StudioError."""
    folder = store / f"{_PREFIX}{secrets.token_hex(8)}"
    with locked(store):
        lock = try_lock(_lock_file(folder))
        if lock is None:
            raise StudioError(f"The file {_lock_file(folder)} is in use: do it again.")
        with plain_errors(folder):
            fs.make_folder(folder)
    return Draft(store, folder, lock, job, fs)


def remove_dead_drafts(store: Path, fs: FsOps) -> None:
    """Remove the drafts whose process has ended; the caller holds the lock of ``store``. Raises StudioError."""
    names = {entry.name.removesuffix(_LOCK) for entry in store.glob(f"{_PREFIX}*")}
    for folder in sorted(store / name for name in names):
        lock = try_lock(_lock_file(folder))
        if lock is None:
            continue
        try:
            with plain_errors(folder):
                fs.remove_tree(folder)
        finally:
            lock.release()
        with suppress(OSError):
            _lock_file(folder).unlink(missing_ok=True)


def _lock_file(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)
