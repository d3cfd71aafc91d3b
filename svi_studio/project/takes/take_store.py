"""The take store: one folder a take, which exists if and only if its manifest does, safe between several processes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from svi_studio.disk.atomic import plain_errors, remove_leftovers
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.disk.publish import MARK
from svi_studio.domain.errors import BadProject, StudioError
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import MANIFEST, Take
from svi_studio.project.takes.take_draft import Draft, begin_draft, has_living_draft, remove_dead_drafts
from svi_studio.project.takes.take_folder import (
    check_file,
    file_size,
    is_other_thing,
    is_take_name,
    mark,
    read_manifest,
    remove_take,
    remove_unfinished,
    take_exists,
)


class TakeStore:
    """The takes in ``folder``, usually ``Name.svi/takes``; the folder is made by the first draft."""

    def __init__(self, folder: Path, fs: FsOps = REAL_DISK) -> None:
        self.folder = folder
        self._fs = fs.below(folder.parent)
        self._cleaned = False

    def has(self, take_hash: str) -> bool:
        """Whether the take exists: a readable manifest, and every file it names in its full size."""
        return take_exists(self.folder / take_hash)

    def load(self, take_hash: str) -> Take:
        """The manifest, after checking the content of every file. Raises BadProject when missing or damaged.

        A take with a damaged file exists no more after that: a render makes it again and replaces what is left of it.
        """
        take = read_manifest(self.folder / take_hash)
        try:
            for file in take.files:
                check_file(self.folder / take_hash, file)
        except BadProject:
            self._set_aside(take_hash)
            raise
        return take

    def manifest(self, take_hash: str) -> Take:
        """The manifest as it is, its files unread. Raises BadProject when it is missing or damaged."""
        return read_manifest(self.folder / take_hash)

    def is_damaged(self, take_hash: str) -> bool:
        """Whether the take does not exist, after checking as ``load`` does; False while there is no folder of takes.

        Raises StudioError when a file cannot be read at the moment.
        """
        try:
            self.load(take_hash)
        except BadProject:
            return self.folder.is_dir()
        return False

    def file(self, take_hash: str, name: str) -> Path:
        """Path of the file ``name`` of a take. Raises BadProject when the take is missing or has no such file."""
        if name not in (file.name for file in read_manifest(self.folder / take_hash).files):
            raise BadProject(f"The take {take_hash[:12]} has no file {name}: delete it to have it rendered again.")
        return self.folder / take_hash / name

    def hashes(self) -> Iterator[str]:
        """The takes that exist, in no particular order."""
        if self.folder.is_dir():
            yield from (entry.name for entry in self.folder.iterdir() if take_exists(entry))

    def begin(self, job: ClipJob) -> Draft:
        """A new draft for ``job``. Raises DiskFull or StudioError."""
        with plain_errors(self.folder):
            self._fs.make_folder(self.folder)
        if not self._cleaned:
            self.clean()
            self._cleaned = True
        return begin_draft(self.folder, job, self._fs)

    def clean(self) -> None:
        """Removes what killed processes left behind; drafts of processes that live, and all takes, stay."""
        if not self.folder.is_dir():
            return
        with locked(self.folder, fs=self._fs):
            remove_dead_drafts(self.folder, self._fs)
            for entry in [entry for entry in self.folder.iterdir() if is_take_name(entry.name)]:
                if not is_other_thing(entry):
                    self._tidy(entry)

    def _tidy(self, take: Path) -> None:
        """Removes what was half made or half removed, by its mark; of a take that exists, only what is beside it."""
        with plain_errors(take):
            if not os.path.lexists(take / MANIFEST):
                remove_unfinished(take, self._fs)
                return
            remove_leftovers(take, self._fs)
            if file_size(take / MARK) is not None and take_exists(take):
                self._fs.remove(take / MARK)

    def _set_aside(self, take_hash: str) -> None:
        """Marks a damaged take as removed; where nothing can be written, the take stays."""
        folder = self.folder / take_hash
        with suppress(StudioError), locked(self.folder, fs=self._fs), plain_errors(folder):
            mark(folder, self._fs)

    def is_rendering(self) -> bool:
        """Whether a living process, this one or another, makes a take here at this moment. Raises StudioError."""
        if not self.folder.is_dir():
            return False
        with locked(self.folder, fs=self._fs):
            return has_living_draft(self.folder)

    def delete(self, take_hash: str) -> int:
        """Removes a take; returns the bytes that this frees, 0 when it is not there. Raises StudioError."""
        folder = self.folder / take_hash
        if not is_take_name(take_hash) or not os.path.lexists(folder):
            return 0
        with locked(self.folder, fs=self._fs), plain_errors(folder):
            self._fs.require_folder(folder)
            before = _bytes_in(folder)
            if os.path.lexists(folder / MANIFEST):
                remove_take(folder, self._fs)
            else:
                remove_unfinished(folder, self._fs)
            return before - _bytes_in(folder)


def _bytes_in(folder: Path) -> int:
    return sum(file_size(file) or 0 for file in folder.iterdir()) if folder.is_dir() else 0
