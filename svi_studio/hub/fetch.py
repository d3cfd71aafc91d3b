"""Fetches a known model into a folder: what is there already stays, what is missing comes, all of it is checked."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from svi_studio.awake import awake
from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadWeights, DiskFull
from svi_studio.domain.fetching.events import FetchDone, FetchEvent, FetchStarted
from svi_studio.domain.fetching.known_model import KnownFile, KnownModel
from svi_studio.domain.text.wording import as_bytes
from svi_studio.hub.checksum import is_whole
from svi_studio.hub.coming_file import Wanted
from svi_studio.hub.control import FetchControl
from svi_studio.hub.fetch_job import FetchJob
from svi_studio.hub.fetch_pace import Pace
from svi_studio.hub.fetched_record import FetchedFile, FetchedRecord, read_record, write_record
from svi_studio.hub.file_names import check_alike, check_file_name
from svi_studio.hub.hub import Hub
from svi_studio.hub.hub_errors import NoSuchFile
from svi_studio.hub.listing import HubFile, Listing, read_listing
from svi_studio.hub.part_file import NOTE, PART
from svi_studio.net.errand import never

_SPARE_BYTES = 256 << 20


@dataclass(frozen=True)
class FetchPlan:
    """What of ``model`` lies on the hub (``files``), and where it goes (``folder``)."""

    model: KnownModel
    listing: Listing
    files: tuple[Wanted, ...]
    folder: Path

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(each.file.size for each in self.files)


def plan_fetch(model: KnownModel, hub: Hub, folder: Path, cancelled: Callable[[], bool] = never) -> FetchPlan:
    """Asks the hub what the model consists of. Raises NetError, Busy, Forbidden, NoSuchFile, BadInput, Stopped."""
    listing = read_listing(hub, model.repository, model.revision, cancelled)
    files = tuple({each.save_as: each for known in model.files for each in _matching(known, listing)}.values())
    check_alike(each.save_as for each in files)
    return FetchPlan(model, listing, files, folder)


def fetch(
    plan: FetchPlan,
    hub: Hub,
    *,
    emit: Callable[[FetchEvent], None],
    control: FetchControl | None = None,
    pace: Pace | None = None,
    fs: FsOps = REAL_DISK,
) -> FetchedRecord:
    """Brings what is missing of a plan, checked. Files of the same names that are no such files are never replaced,
    unless they came from here and are as they came.

    Raises NetError, Forbidden, NoSuchFile, Damaged, BadWeights, DiskFull, StudioError, Stopped; what came is kept.
    """
    control, disk = control or FetchControl(), fs.below(plan.folder)
    with plain_errors(plan.folder):
        disk.make_folder(plan.folder)
    with awake(), locked(plan.folder, 0.0, disk):
        record = read_record(plan.folder, plan.model.name)
        missing = tuple(each for each in plan.files if not _is_here(plan.folder, each, record, control))
        _tidy(plan, missing, disk)
        to_fetch = sum(each.file.size for each in missing)
        emit(FetchStarted(len(plan.files), plan.bytes, to_fetch, plan.listing.commit))
        _require_space(plan.folder, missing)
        job = FetchJob(
            hub, plan.listing, plan.model.revision, plan.folder, disk, emit=emit, control=control, pace=pace or Pace()
        )
        job.run(missing)
        new = _record(plan, job.files_as_fetched())
        write_record(plan.folder, new, disk)
    emit(FetchDone(str(plan.folder), job.received))
    return new


def _matching(known: KnownFile, listing: Listing) -> Iterator[Wanted]:
    pattern = re.compile("[^/]*".join(map(re.escape, known.path.split("*"))))
    found = [file for file in listing.files if pattern.fullmatch(file.path)]
    if not found:
        raise NoSuchFile(f"{listing.repository} has no {known.path} on the hub: see on its pages whether it has moved.")
    for file in found:
        if known.sha256 not in (None, file.checksum) or known.size not in (None, file.size):
            raise BadWeights(f"{file.path} on the hub is not the file that the catalogue knows: it is not fetched.")
        yield Wanted(file, check_file_name(known.save_as or check_file_name(file.path)))


def _is_here(folder: Path, wanted: Wanted, record: FetchedRecord | None, control: FetchControl) -> bool:
    """Whether the file is whole already. Raises BadWeights for another one that did not come from the hub."""
    path, want = folder / wanted.save_as, wanted.file
    if not path.is_file():
        return False
    known = next((each for each in record.files if each.save_as == wanted.save_as), None) if record else None
    as_it_came = known is not None and _is_untouched(path, known)
    if as_it_came and known is not None and (known.checksum, known.size) == (want.checksum, want.size):
        return True
    if not as_it_came and is_whole(path, want.checksum, want.size, lambda: control.is_stopped):
        return True
    if not as_it_came:
        what = "repair the model" if known is not None else "move it away"
        raise BadWeights(f"{path} is there, but is not what the hub has: {what}, or choose another folder.")
    return False


def _tidy(plan: FetchPlan, missing: tuple[Wanted, ...], disk: FsOps) -> None:
    """The power may go between the new name of a whole file and the end of the note about it."""
    for each in plan.files:
        place = plan.folder / each.save_as
        for left in (place.with_name(place.name + PART), place.with_name(place.name + NOTE)):
            if each not in missing and left.is_file():
                with plain_errors(left):
                    disk.remove(left)


def _is_untouched(path: Path, known: FetchedFile) -> bool:
    found = path.stat()
    return (found.st_size, found.st_mtime_ns) == (known.size, known.changed_ns)


def _require_space(folder: Path, missing: tuple[Wanted, ...]) -> None:
    """Raises DiskFull with figures when the disk cannot take what is to come."""
    needed = sum(max(each.file.size - _kept(folder / f"{each.save_as}{PART}"), 0) for each in missing)
    free = shutil.disk_usage(folder).free
    if needed and needed + _SPARE_BYTES > free:
        raise DiskFull(
            f"{as_bytes(needed)} are still to come and {folder} has room for {as_bytes(max(free - _SPARE_BYTES, 0))}: "
            "free some space, or choose another folder."
        )


def _kept(part: Path) -> int:
    """Bytes that the disk keeps for a file that is coming."""
    with suppress(OSError):
        found = part.stat()
        return min(getattr(found, "st_blocks", found.st_size // 512) * 512, found.st_size)
    return 0


def _record(plan: FetchPlan, newer: dict[str, HubFile]) -> FetchedRecord:
    files = []
    for each in plan.files:
        path, file = plan.folder / each.save_as, newer.get(each.save_as, each.file)
        files.append(
            FetchedFile(
                path=file.path,
                save_as=each.save_as,
                size=file.size,
                checksum=file.checksum,
                changed_ns=path.stat().st_mtime_ns,
            )
        )
    model, listing = plan.model, plan.listing
    return FetchedRecord(
        name=model.name,
        repository=listing.repository,
        revision=model.revision,
        commit=listing.commit,
        files=tuple(files),
    )
