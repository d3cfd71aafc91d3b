"""A project: the folder ``Name.svi`` with its project file, edit journal, media and takes."""

import hashlib
import os
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from svi_studio.disk.atomic import atomic_write, plain_errors, remove_leftovers
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadInput, BadProject, StudioError
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Storyboard
from svi_studio.project.film.change import apply_change, change_between
from svi_studio.project.film.journal import JOURNAL, Entry, append_entry, clear_journal, journal_size, read_journal
from svi_studio.project.film.schema import (
    LAST_REVISION,
    PROJECT_VERSION,
    Document,
    ProjectFile,
    read_as_before,
    read_project,
)
from svi_studio.project.media.media_store import MEDIA, MediaStore
from svi_studio.project.strict_json import parse_object, read_bytes
from svi_studio.project.takes.take_store import TakeStore

PROJECT_JSON = "project.json"
BEFORE_UPGRADE = "project.before-upgrade.json"
TAKES = "takes"
SUFFIX = ".svi"
SAVE_AT = 16 << 20  # bytes of journal after which an edit saves the project


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """What this process knows to be on the disk; anything else there was written by another one."""

    base: str = ""  # SHA-256 of project.json
    stamp: tuple[int, ...] = ()  # what the system says of project.json, so that it need not be read for every edit
    revision: int = 0
    entries: int = 0
    good: int = 0  # bytes of the journal that count
    size: int = 0  # bytes of the journal


class Project:
    """One open project. Edits go to the journal with ``record``; ``save`` writes the project file.

    ``recovered`` says how many edits came from the journal at opening: more than 0 after a crash. ``last_saved`` is the
    film without them.
    """

    def __init__(self, folder: Path, storyboard: Storyboard, fs: FsOps = REAL_DISK) -> None:
        """For ``create`` and ``open``, which are the ways to get a project."""
        self.folder = folder
        self.storyboard = storyboard
        self.recovered = 0
        self.last_saved = storyboard
        self._fs = fs.below(folder)
        self._on_disk = _OnDisk()
        self._attempted: tuple[str, Storyboard] | None = None  # the last save begun: SHA-256 of its file, its film
        self._upgraded_from: bytes | None = None

    @classmethod
    def create(cls, folder: Path, storyboard: Storyboard, fs: FsOps = REAL_DISK) -> Self:
        """Makes the project folder; ``.svi`` is added to its name when missing.

        Raises BadInput when there is a project already, DiskFull or StudioError when it cannot be written.
        """
        folder = project_folder(folder)
        project = cls(folder, storyboard, fs)
        with plain_errors(folder):
            for part in (folder, folder / MEDIA, folder / TAKES):
                project._fs.make_folder(part)
        with locked(folder, fs=project._fs):
            if os.path.lexists(folder / PROJECT_JSON):
                raise BadInput(f"There is a project at {folder} already: open it or choose another name.")
            project._write(storyboard)
        return project

    @classmethod
    def open(cls, path: Path, fs: FsOps = REAL_DISK) -> Self:
        """Opens the project folder ``path`` (or its ``project.json``), with the edits that a crash left in the journal.

        Nothing is written, so a project on a read-only disk opens too. Raises BadProject or NewerVersion.
        """
        folder = path.parent if path.name == PROJECT_JSON else path
        if not os.path.lexists(folder / PROJECT_JSON):  # False for a name that the system refuses
            raise BadProject(f"There is no film at {path}: choose a '.svi' folder with a project.json in it.")
        require_own_parts(folder, fs)
        with _reading_lock(folder):
            content = read_bytes(folder / PROJECT_JSON, root=folder)
            document = parse_object(content, folder / PROJECT_JSON)
            project = cls(folder, Storyboard(), fs)
            project._load(read_project(document, folder / PROJECT_JSON), content)
        if _is_old(document):
            project._upgraded_from = content
            project.storyboard = read_as_before(project.storyboard, document["storyboard"])
        return project

    @property
    def takes(self) -> TakeStore:
        """The takes of this film."""
        return TakeStore(self.folder / TAKES, self._fs)

    @property
    def media(self) -> MediaStore:
        """The pictures that were brought into this film."""
        return MediaStore(self.folder, self._fs)

    def record(self, storyboard: Storyboard) -> None:
        """Keeps an edit: the storyboard is now ``storyboard``, and a crash does not lose it.

        The first edit of a film from an earlier version saves it: a journal holds edits of one version only.

        Raises DiskFull or StudioError when it could not be kept, BadProject when another program changed the project.
        """
        with locked(self.folder, fs=self._fs):
            self._expect_own_state()
            if self._on_disk.good > SAVE_AT or self._upgraded_from is not None:
                self._write(storyboard)
                return
            change = change_between(self.storyboard, storyboard)
            self._append(Entry(base=self._on_disk.base, number=self._on_disk.entries + 1, change=change))
        self.storyboard = storyboard

    def save(self, storyboard: Storyboard | None = None) -> None:
        """Writes the project file with ``storyboard`` (None = as it is) and empties the journal.

        Raises DiskFull or StudioError, then nothing is lost; BadProject when another program changed the project.
        """
        with locked(self.folder, fs=self._fs):
            self._expect_own_state()
            self._write(self.storyboard if storyboard is None else storyboard)

    def _load(self, file: ProjectFile, content: bytes) -> None:
        base = hashlib.sha256(content).hexdigest()
        found = read_journal(self.folder / JOURNAL, base)
        self.storyboard = self.last_saved = file.storyboard
        for entry in found.entries:
            try:
                self.storyboard = apply_change(self.storyboard, entry.change)
            except ValueError as error:
                raise BadProject(
                    f"The edits in {self.folder / JOURNAL} do not fit the film: move that file away to open the film "
                    "as it was last saved."
                ) from error
        self.recovered = len(found.entries)
        self._on_disk = _OnDisk(base, self._stamp(), file.revision, len(found.entries), found.good, found.size)

    def _write(self, storyboard: Storyboard) -> None:
        file = ProjectFile(revision=_next(self._on_disk.revision), storyboard=storyboard)
        content = file.model_dump_json(indent=1).encode() + b"\n"
        if self._upgraded_from is not None:
            atomic_write(self.folder / BEFORE_UPGRADE, self._upgraded_from, self._fs)
        base = hashlib.sha256(content).hexdigest()
        self._attempted = (base, storyboard)
        atomic_write(self.folder / PROJECT_JSON, content, self._fs)
        self._adopt(base, storyboard)
        try:
            clear_journal(self.folder / JOURNAL, self._fs)
        finally:
            self._on_disk = replace(self._on_disk, size=self._journal_size())
        remove_leftovers(self.folder, self._fs)

    def _adopt(self, base: str, storyboard: Storyboard) -> None:
        """The project file ``base`` with ``storyboard`` is on the disk, and no entry of the journal follows it."""
        self.storyboard = storyboard
        self._upgraded_from = None
        self._on_disk = _OnDisk(base, self._stamp(), _next(self._on_disk.revision), size=self._journal_size())

    def _append(self, entry: Entry) -> None:
        try:
            good = append_entry(self.folder / JOURNAL, entry, self._on_disk.good, self._fs)
        except StudioError:
            self._on_disk = replace(self._on_disk, size=self._journal_size())
            raise
        self._on_disk = replace(self._on_disk, entries=entry.number, good=good, size=good)

    def _expect_own_state(self) -> None:
        """Refuses to write over what another program wrote; a save of this one that failed late counts as its own."""
        with plain_errors(self.folder / PROJECT_JSON):
            if (self._stamp(), self._journal_size()) == (self._on_disk.stamp, self._on_disk.size):
                return
        base = hashlib.sha256(read_bytes(self.folder / PROJECT_JSON, root=self.folder)).hexdigest()
        if self._attempted is not None and base == self._attempted[0] != self._on_disk.base:
            self._adopt(*self._attempted)
        if (base, self._journal_size()) != (self._on_disk.base, self._on_disk.size):
            raise BadProject(f"Another program changed {self.folder} meanwhile: open it again to go on from there.")

    def _stamp(self) -> tuple[int, ...]:
        found = (self.folder / PROJECT_JSON).lstat()
        return (found.st_ino, found.st_size, found.st_mtime_ns)

    def _journal_size(self) -> int:
        return journal_size(self.folder / JOURNAL)


def project_folder(path: Path) -> Path:
    """The name of the project folder that ``path`` asks for, ``.svi`` added when missing. Raises BadInput."""
    if not path.name:
        raise BadInput(f"{path} cannot be the name of a project: choose one like holiday.svi.")
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def _next(revision: int) -> int:
    """The revision after ``revision``; after the last that a file can hold, they are counted anew."""
    return revision + 1 if revision < LAST_REVISION else 1


def require_own_parts(folder: Path, fs: FsOps = REAL_DISK) -> None:
    """Raises NotAFile when the media or the takes of the project in ``folder`` lie behind a link: a film is one folder.

    They may be missing.
    """
    disk = fs.below(folder)
    for part in (folder / MEDIA, folder / TAKES):
        with plain_errors(part), suppress(FileNotFoundError):
            disk.require_folder(part)


def _is_old(document: Document) -> bool:
    storyboard = document["storyboard"]
    versions = (document.get("schema_version", PROJECT_VERSION), storyboard.get("schema_version", STORYBOARD_VERSION))
    return versions != (PROJECT_VERSION, STORYBOARD_VERSION)


def _reading_lock(folder: Path) -> AbstractContextManager[None]:
    return locked(folder) if os.access(folder, os.W_OK) else nullcontext()
