"""Checks fetched files against the checksums that they came with, and removes what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.hub.checksum import is_whole
from svi_studio.hub.fetched_record import FetchedRecord
from svi_studio.net.errand import never


@dataclass(frozen=True)
class Verified:
    """``problem`` is what is wrong with a file, None for one that is as it came."""

    file: str
    problem: str | None


def verify(folder: Path, record: FetchedRecord, cancelled: Callable[[], bool] = never) -> Iterator[Verified]:
    """Reads every file of a record whole. Raises Stopped, StudioError."""
    for each in record.files:
        yield Verified(each.save_as, _problem(folder / each.save_as, each.size, each.checksum, cancelled))


def drop_damaged(folder: Path, found: list[Verified], fs: FsOps = REAL_DISK) -> None:
    """Removes the files that ``verify`` found damaged: a fetch brings them again. Raises StudioError."""
    disk = fs.below(folder)
    with locked(folder, 0.0, disk), plain_errors(folder):
        for each in found:
            if each.problem is not None:
                disk.remove(folder / each.file)


def _problem(path: Path, size: int, checksum: str, cancelled: Callable[[], bool]) -> str | None:
    if not path.is_file():
        return "it is missing"
    length = path.stat().st_size
    if length < size:
        return "it is cut short"
    return None if is_whole(path, checksum, size, cancelled) else "it is damaged"
