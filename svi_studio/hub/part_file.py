"""A file that is still coming: its bytes in ``NAME.part``, and beside it a note of which of them are on the disk.

What the note says is on the disk is: bytes are synced before the note that counts them is written. So a power cut costs
only what came since the last note.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import Refused
from svi_studio.domain.value import Value
from svi_studio.hub.byte_ranges import ByteRanges, Range

PART = ".part"
NOTE = ".part.json"
_MOST_OF_A_NOTE = 4 << 20


class PartNote(Value):
    """What lies in a ``.part``: of which content, and which bytes of it (first, end) are there."""

    version: Literal[1] = 1
    checksum: Annotated[str, Field(max_length=64)]
    size: Annotated[int, Field(ge=0, le=1 << 43)]
    tag: Annotated[str, Field(max_length=200)] = ""
    commit: Annotated[str, Field(max_length=64)] = ""
    done: Annotated[tuple[tuple[int, int], ...], Field(max_length=100_000)] = ()


def bytes_come(target: Path) -> int:
    """How many bytes of the file ``target`` are in its part; 0 without one that can be gone on with."""
    with suppress(OSError, ValidationError, ValueError, Refused):
        note = read_plain(target.with_name(target.name + NOTE), _MOST_OF_A_NOTE)
        return ByteRanges(PartNote.model_validate_json(note).done).size
    return 0


class PartFile:
    """The part of ``target``, for several threads at once."""

    def __init__(self, target: Path, checksum: str, size: int, commit: str, fs: FsOps) -> None:
        self.target, self.checksum, self.size, self.commit, self._fs = target, checksum, size, commit, fs
        self.path = target.with_name(target.name + PART)
        self._note = target.with_name(target.name + NOTE)
        self.tag = ""
        self.done = ByteRanges()
        self.lock = threading.Lock()
        self._saving = threading.Lock()
        self._saved = 0
        self._is_published = False

    def open(self) -> str | None:
        """Takes up what is there, and keeps room on the disk for the rest.

        The answer is why what had come is of no use; None where it is, or nothing had. Raises DiskFull, StudioError.
        """
        with plain_errors(self.path):
            note = self._read_note()
            why = self._why_of_no_use(note)
            if note is not None and why is None:
                self.tag = note.tag
                self.done = ByteRanges(note.done)
                self._saved = self.done.size
            if not self.path.exists():
                os.close(self._fs.create(self.path))
            self._keep_room()
            self._fs.sync_folder(self.path.parent)
        if why is not None:
            self.forget()
        return why

    @contextmanager
    def writer(self) -> Iterator[int]:
        """An open descriptor of the part, for one thread."""
        with plain_errors(self.path):
            descriptor = self._fs.open_again(self.path)
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    def put(self, descriptor: int, data: bytes, at: int) -> None:
        """Writes bytes to their place; the caller holds ``lock``."""
        with plain_errors(self.path):
            os.lseek(descriptor, at, os.SEEK_SET)
            self._fs.write(descriptor, data, self.path)
        self.done.add(at, at + len(data))

    @property
    def unsaved(self) -> int:
        """Bytes that came since the last note."""
        return self.done.size - self._saved

    def save(self) -> None:
        """Brings what came to the disk, then the note that says so. Raises DiskFull, StudioError."""
        with self._saving, plain_errors(self.path):
            if self._is_published:
                return
            with self.lock:
                note, size = self._new_note(), self.done.size
            self._fs.sync_file(self.path)
            atomic_write(self._note, note.model_dump_json().encode(), self._fs)
            self._saved = size

    def forget(self) -> None:
        """Begins anew, for the caller who holds ``lock`` or is alone: the note goes first."""
        self.done, self.tag, self._saved = ByteRanges(), "", 0
        with plain_errors(self._note):
            self._fs.remove(self._note)
            self._fs.sync_folder(self._note.parent)

    def drop(self) -> None:
        """Leaves nothing of it on the disk. Raises StudioError."""
        self.forget()
        with plain_errors(self.path):
            self._fs.remove(self.path)

    def publish(self) -> None:
        """Gives the whole, checked file its own name. Raises DiskFull, StudioError."""
        with self._saving, plain_errors(self.target):
            self._is_published = True
            self._fs.sync_file(self.path)
            self._fs.replace(self.path, self.target)
            self._fs.sync_folder(self.target.parent)
            self._fs.remove(self._note)

    def _keep_room(self) -> None:
        descriptor = self._fs.open_again(self.path)
        try:
            if os.fstat(descriptor).st_size > self.size:
                os.ftruncate(descriptor, self.size)
            self._fs.reserve(descriptor, self.size, self.path)
        finally:
            os.close(descriptor)

    def _new_note(self) -> PartNote:
        done = tuple((each.start, each.end) for each in self.done)
        return PartNote(checksum=self.checksum, size=self.size, tag=self.tag, commit=self.commit, done=done)

    def _read_note(self) -> PartNote | None:
        if not self.path.is_file():
            return None
        with suppress(OSError, ValidationError, ValueError, Refused):
            return PartNote.model_validate_json(read_plain(self._note, _MOST_OF_A_NOTE))
        return None

    def _why_of_no_use(self, note: PartNote | None) -> str | None:
        if note is None:
            return None
        if (note.checksum, note.size) != (self.checksum, self.size):
            return "the hub has another version of it now"
        length = self.path.stat().st_size
        ranges = [Range(*each) for each in note.done]
        if any(not 0 <= each.start < each.end <= min(self.size, length) for each in ranges):
            return "what had come of it was cut short"
        return None
