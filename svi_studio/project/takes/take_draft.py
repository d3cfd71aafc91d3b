"""A take in the making: a hidden folder that its process holds locked, until it is published or thrown away."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.lock import Lock, is_held, locked, try_lock
from svi_studio.disk.publish import MARK, publish_folder
from svi_studio.domain.errors import BadProject, StudioError
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import MANIFEST, Take
from svi_studio.project.takes.take_folder import (
    describe_files,
    is_other_thing,
    read_manifest,
    remove_take,
    remove_unfinished,
    take_exists,
)

_LOCK = ".lock"
_DRAFT = re.compile(r"(\.draft-[0-9a-f]{16})(?:\.lock)?")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


class Draft:
    """One take in the making. Files go where ``path`` says; nobody sees them before ``commit``."""

    def __init__(self, store: Path, folder: Path, lock: Lock, job: ClipJob, fs: FsOps) -> None:
        """Called by ``begin_draft`` only."""
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
        """Makes the take exist; returns it with ``files`` filled in.

        When another process committed the same take first, that one stays and is returned. Raises DiskFull or
        StudioError; then the take does not exist, and the draft can be thrown away.
        """
        if (take.take_hash, take.parent_hash) != (self._job.take_hash, self._job.parent_hash):
            raise ValueError("the take belongs to another job than the draft")
        final = self._store / take.take_hash
        with plain_errors(self._folder):
            whole = take.model_copy(update={"files": describe_files(self._folder)})
        with locked(self._store, fs=self._fs):
            if take_exists(final):
                whole = read_manifest(final)
            else:
                self._publish(whole, final)
        self.discard()
        return whole

    def discard(self) -> None:
        """Throws the draft away; nothing happens when it was committed. A fault of the disk leaves it to be cleaned."""
        with suppress(OSError):
            self._fs.remove_tree(self._folder, last=MARK)
        self._lock.release()
        with suppress(OSError):
            self._fs.remove(_lock_file(self._folder))

    def _publish(self, take: Take, final: Path) -> None:
        with plain_errors(final):
            _make_room(final, self._fs)
        publish_folder(self._folder, final, self._fs)
        atomic_write(final / MANIFEST, take.model_dump_json(indent=1).encode() + b"\n", self._fs)
        with suppress(OSError):
            self._fs.remove(final / MARK)


def begin_draft(store: Path, job: ClipJob, fs: FsOps) -> Draft:
    """A new, empty draft in the folder ``store``. Raises DiskFull or StudioError."""
    folder = store / f".draft-{secrets.token_hex(8)}"
    with locked(store, fs=fs):
        lock = try_lock(_lock_file(folder), fs)
        if lock is None:
            raise StudioError(f"The file {_lock_file(folder)} is in use: do it again.")
        try:
            with plain_errors(folder):
                fs.make_folder(folder)
                os.close(fs.create(folder / MARK))
        except BaseException:
            lock.release()
            raise
    return Draft(store, folder, lock, job, fs)


def remove_dead_drafts(store: Path, fs: FsOps) -> None:
    """Removes the drafts whose process has ended; the caller holds the lock of ``store``. Raises StudioError."""
    names = {found[1] for entry in store.iterdir() if (found := _DRAFT.fullmatch(entry.name))}
    for folder in sorted(store / name for name in names):
        if is_other_thing(folder) or is_other_thing(_lock_file(folder), is_folder=False):
            continue
        lock = try_lock(_lock_file(folder), fs)
        if lock is None:
            continue
        try:
            with plain_errors(folder):
                remove_unfinished(folder, fs)
        finally:
            lock.release()
        with suppress(OSError):
            fs.remove(_lock_file(folder))


def has_living_draft(store: Path) -> bool:
    """Whether a living process makes a take in the folder ``store``; the caller holds its lock."""
    return any(is_held(entry) for entry in store.iterdir() if _DRAFT.fullmatch(entry.name) and entry.suffix == _LOCK)


def _make_room(final: Path, fs: FsOps) -> None:
    """Removes what is left of an earlier take; what this program cannot tell for its own is moved aside, never removed.

    Raises OSError.
    """
    try:
        read_manifest(final)
    except BadProject:
        remove_unfinished(final, fs)
    else:
        remove_take(final, fs)
    if os.path.lexists(final):
        fs.rename_folder(final, final.with_name(f"{final.name}.aside-{secrets.token_hex(4)}"))


def _lock_file(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)
