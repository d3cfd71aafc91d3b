"""Removes what was fetched: the files of one entry that are still as they came, and nothing else."""

from contextlib import suppress
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.hub.fetched_record import FetchedRecord, record_path


def remove_fetched(folder: Path, record: FetchedRecord, fs: FsOps = REAL_DISK) -> tuple[str, ...]:
    """Removes the files of ``record`` from ``folder``, then the record; the answer names those that were kept.

    A file is kept that somebody changed or replaced since it came. Raises StudioError.
    """
    disk, kept = fs.below(folder), []
    with locked(folder, 0.0, disk), plain_errors(folder):
        for each in record.files:
            path = folder / each.save_as
            if not path.is_file():
                continue
            found = path.stat()
            if (found.st_size, found.st_mtime_ns) == (each.size, each.changed_ns):
                disk.remove(path)
            else:
                kept.append(each.save_as)
        disk.remove(record_path(folder, record.name))
        for inner in sorted({(folder / each.save_as).parent for each in record.files}, reverse=True):
            _remove_empty(inner, folder, disk)
    return tuple(kept)


def _remove_empty(inner: Path, folder: Path, disk: FsOps) -> None:
    """Folders that the fetch made and nothing is left in."""
    while inner not in (folder, inner.parent):
        with suppress(OSError):
            disk.remove_folder(inner)
        inner = inner.parent
