"""A file of a fetch: what of it is still to be asked for, who asks for which part, and how often it began anew."""

from dataclasses import dataclass, field
from pathlib import Path

from svi_studio.disk.fs_ops import FsOps
from svi_studio.hub.byte_ranges import ByteRanges, Range
from svi_studio.hub.listing import HubFile
from svi_studio.hub.part_file import PartFile


@dataclass(frozen=True)
class Wanted:
    """A file of the hub, and its place below the folder here."""

    file: HubFile
    save_as: str


@dataclass
class ComingFile:
    """``asked`` are the bytes that some thread is bringing now; ``turn`` counts beginnings;
    ``is_in_doubt`` while the hub is asked again what the file is."""

    wanted: Wanted
    repository: str
    commit: str
    part: PartFile
    asked: ByteRanges = field(default_factory=ByteRanges)
    turn: int = 0
    is_known_good: bool = False
    is_ending: bool = False
    is_in_doubt: bool = False
    in_one_piece: bool = False

    def next_range(self, most: int) -> Range | None:
        """At most ``most`` bytes that nobody brings yet; one range alone until the server has shown what it has."""
        if self.is_in_doubt or self.is_ending or self.is_whole or (self.asked.size and not self.is_known_good):
            return None
        if self.in_one_piece:
            return None if self.asked.size else Range(0, self.wanted.file.size)
        busy = ByteRanges([*self.part.done, *self.asked])
        gap = next(busy.gaps(self.wanted.file.size), None)
        return None if gap is None else Range(gap.start, min(gap.end, gap.start + most))

    @property
    def can_end(self) -> bool:
        """Whether all of it is here, nobody brings more, and nobody checks it yet."""
        return self.is_whole and not (self.is_in_doubt or self.is_ending or self.asked.size)

    @property
    def is_whole(self) -> bool:
        """Whether all of its bytes have come."""
        return self.part.done.size == self.wanted.file.size


def coming(wanted: Wanted, repository: str, commit: str, folder: Path, fs: FsOps) -> ComingFile:
    """``wanted`` as it will come into ``folder``."""
    file = wanted.file
    return ComingFile(
        wanted, repository, commit, PartFile(folder / wanted.save_as, file.checksum, file.size, commit, fs)
    )
