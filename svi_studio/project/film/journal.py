"""The journal of edits since the last save, one checked line each: a crash loses at most the one in flight."""

import json
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import append, give_name, plain_errors, write_beside
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.value import Sha256, Value
from svi_studio.project.film.change import Change
from svi_studio.project.strict_json import read_bytes

JOURNAL = "journal.jsonl"
MAX_JOURNAL = 128 << 20


class Entry(Value):
    """The edit ``number`` (from 1) since the save of the project file whose SHA-256 is ``base``."""

    base: Sha256
    number: int = Field(ge=1)
    change: Change


class Found(NamedTuple):
    """The entries that follow a save, the bytes they take, and the size of the file."""

    entries: tuple[Entry, ...]
    good: int
    size: int


class _Line(Value):
    crc32: int
    entry: str


def encode(entry: Entry) -> bytes:
    """One line of the journal: the entry as JSON text, and its CRC-32."""
    text = json.dumps(entry.model_dump(mode="json"), ensure_ascii=True, separators=(",", ":"))
    return json.dumps({"crc32": zlib.crc32(text.encode()), "entry": text}).encode() + b"\n"


def decode(line: bytes) -> Entry | None:
    """The entry in one line of the journal, or None when the line is not whole."""
    try:
        checked = _Line.model_validate_json(line)
        if not line.endswith(b"\n") or zlib.crc32(checked.entry.encode()) != checked.crc32:
            return None
        return Entry.model_validate_json(checked.entry)
    except (ValidationError, UnicodeEncodeError):
        return None


def read_journal(path: Path, base: str) -> Found:
    """The whole entries, in order, that follow the save ``base``; what comes after a torn or foreign line is left out.

    Raises BadProject when the file is there but cannot be read.
    """
    if not os.path.lexists(path):
        return Found((), 0, 0)
    content = read_bytes(path, MAX_JOURNAL, root=path.parent)
    entries: list[Entry] = []
    good = 0
    for line in _lines(content):
        entry = decode(line)
        if entry is None or entry.base != base or entry.number != len(entries) + 1:
            break
        entries.append(entry)
        good += len(line)
    return Found(tuple(entries), good, len(content))


def append_entry(path: Path, entry: Entry, good: int, fs: FsOps = REAL_DISK) -> int:
    """Adds ``entry`` after the first ``good`` bytes; on the disk when this returns. Returns the new size in bytes.

    Raises DiskFull or StudioError; then the entries before are still whole.
    """
    line = encode(entry)
    with plain_errors(path):
        new = not os.path.lexists(path)
        if not new:
            _cut(path, good, fs)
        try:
            append(path, line, fs)
        except OSError:
            with suppress(OSError):
                fs.truncate(path, good)
            raise
        if new:
            fs.sync_folder(path.parent)
    return good + len(line)


def clear_journal(path: Path, fs: FsOps = REAL_DISK) -> None:
    """Forgets all entries, after a save. Raises DiskFull or StudioError."""
    with plain_errors(path):
        if os.path.lexists(path):
            _cut(path, 0, fs)


def journal_size(path: Path) -> int:
    """Bytes in the journal, 0 without one. Raises OSError."""
    try:
        return os.lstat(path).st_size
    except FileNotFoundError:
        return 0


def _cut(path: Path, good: int, fs: FsOps) -> None:
    """Leaves the first ``good`` bytes; a file that has another name too, as in a backup of links, stays whole there."""
    found = os.lstat(path)
    if found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
        content = read_plain(path, MAX_JOURNAL, root=path.parent)
        give_name(write_beside(path.parent, content[:good], fs), path, fs)
    elif found.st_size != good or not stat.S_ISREG(found.st_mode):
        fs.truncate(path, good)


def _lines(content: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(content):
        stop = content.find(b"\n", start) + 1 or len(content)
        yield content[start:stop]
        start = stop
