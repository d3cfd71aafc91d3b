"""Files that a film uses: copied into the project under the hash of their content, reached by relative paths."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from svi_studio.disk.atomic import give_name, plain_errors, write_beside
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.plain_file import check_plain, open_plain, sha256_of
from svi_studio.domain.errors import BadInput, DiskFull, Stopped
from svi_studio.media.inside import resolve_inside

MEDIA = "media"
MAX_MEDIA = 64 << 30
_CHUNK = 1 << 20
_MEDIA_NAME = re.compile(rf"{MEDIA}/[0-9a-f]{{64}}(?:\.[a-z0-9]{{1,7}})?")


def is_media_name(relative: str) -> bool:
    """Whether a path in a storyboard is one that ``MediaStore.add`` gave: its name tells its content."""
    return _MEDIA_NAME.fullmatch(relative) is not None


def media_name(source: Path) -> str:
    """The path that ``MediaStore.add`` would give ``source``. Raises StudioError when it cannot be read."""
    with plain_errors(source):
        return media_path(sha256_of(source, MAX_MEDIA), source)


def media_path(sha256: str, source: Path) -> str:
    """The path of ``source`` in a project, where the hash of its content is known."""
    return f"{MEDIA}/{sha256}{_suffix(source)}"


class MediaStore:
    """The media of the project in ``folder``."""

    def __init__(self, folder: Path, fs: FsOps = REAL_DISK) -> None:
        self._folder = folder
        self._fs = fs.below(folder)

    def add(self, source: Path, should_stop: Callable[[], bool] = lambda: False) -> str:
        """Copies ``source`` into the project, once for each content; returns its path below the project folder.

        Raises BadInput when it cannot be read, DiskFull or StudioError when it cannot be written, and Stopped as soon
        as ``should_stop`` says so; then nothing of it stays.
        """
        if not source.is_file():
            raise BadInput(f"There is no file {source}: check the name.")
        target_folder = self._folder / MEDIA
        self._check_room(source)
        digest = hashlib.sha256()
        with plain_errors(source if not os.access(source, os.R_OK) else target_folder):
            self._fs.make_folder(target_folder)
            temporary = write_beside(target_folder, _read(source, digest, should_stop), self._fs)
            target = target_folder / (digest.hexdigest() + _suffix(source))
            give_name(temporary, target, self._fs)
        return f"{MEDIA}/{target.name}"

    def _check_room(self, source: Path) -> None:
        """A copy of a file of many empty gigabytes would fill the disk before it fails."""
        with plain_errors(source):
            check_plain(source, MAX_MEDIA)
            size = source.stat().st_size
        with suppress(OSError):
            place = next(place for place in (self._folder, *self._folder.absolute().parents) if place.exists())
            room = shutil.disk_usage(place)
            if room.total and size > room.free:  # what holds no files at all has no size either
                raise DiskFull(f"{source} does not fit on the disk at {place}: free some space and do it again.")

    def path(self, relative: str) -> Path:
        """The file that ``relative``, as it stands in a storyboard, names. Raises BadProject when it lies outside."""
        return resolve_inside(self._folder, relative)

    def is_whole(self, relative: str) -> bool:
        """Whether a file that ``add`` copied still has the content that its name says."""
        file = self.path(relative)
        return file.is_file() and sha256_of(file, MAX_MEDIA) == file.stem


def _read(source: Path, digest: "hashlib._Hash", should_stop: Callable[[], bool]) -> Iterator[bytes]:
    with open_plain(source, MAX_MEDIA) as stream:
        while piece := stream.read(_CHUNK):
            if should_stop():
                raise Stopped(f"The copying of {source.name} into the film was stopped.")
            digest.update(piece)
            yield piece


def _suffix(source: Path) -> str:
    suffix = source.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8 else ""
