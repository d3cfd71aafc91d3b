"""Where the int8 values of a bank's entries lie: in main memory, or as files that checkpoints share by hard links."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from svi_studio.disk.atomic import plain_errors, write_new
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.plain_file import sha256_of
from trainer.erft.quantized import Int8

_ALL_VALUES = "values.int8"
_HASHES = "hashes.json"
_SUFFIX = ".entry"


class EntryStore(Protocol):
    """Keeps the int8 values of entries, all of one length, by place numbers that it gives out."""

    def add(self, values: Int8) -> int:
        """Keeps ``values``; returns their place."""

    def read(self, place: int) -> Int8:
        """The values at a place, in one dimension; not to be changed."""

    def remove(self, place: int) -> None:
        """Forgets the values at a place."""

    def save(self, places: Sequence[int], folder: Path) -> dict[str, str]:
        """Puts the values at ``places`` into the folder, which nobody else writes.

        Returns, by name, the SHA-256 of files that are on the disk for good already, so that nobody reads them again.
        """

    def load(self, folder: Path, count: int, length: int) -> range:
        """Forgets everything and takes over the ``count`` entries of ``length`` values that `save` put there, in order.

        Returns their places. Raises OSError or ValueError when a part is missing or of another length.
        """


class MemoryStore:
    """Values in main memory, each entry in an array of its own: the bank grows as it fills."""

    def __init__(self, fs: FsOps = REAL_DISK) -> None:
        self._fs = fs
        self._values: dict[int, Int8] = {}
        self._next = 0

    def add(self, values: Int8) -> int:
        """See `EntryStore`."""
        place, self._next = self._next, self._next + 1
        self._values[place] = values.reshape(-1)
        return place

    def read(self, place: int) -> Int8:
        """See `EntryStore`."""
        return self._values[place]

    def remove(self, place: int) -> None:
        """See `EntryStore`."""
        del self._values[place]

    def save(self, places: Sequence[int], folder: Path) -> dict[str, str]:
        """One file with the values one after another."""
        path = folder / _ALL_VALUES
        with plain_errors(path):
            write_new(path, (self._values[place].data for place in places), self._fs, sync=False)
        return {}

    def load(self, folder: Path, count: int, length: int) -> range:
        """See `EntryStore`."""
        path = folder / _ALL_VALUES
        _check_length(path, count * length)
        with path.open("rb") as file:
            self._values = {place: np.fromfile(file, np.int8, length) for place in range(count)}
        self._next = count
        return range(count)


class DiskStore:
    """Values in files of their own in a folder of the run, which the operating system keeps in free memory.

    A file is written once and never changed. So a checkpoint takes the entries by hard links, which cost neither space
    nor time, and goes on having them when the bank has replaced and removed its own; removing a checkpoint frees what
    nobody has any more. Where the disk knows no hard links they are copied. The folder itself is scratch: a new process
    empties it and links the checkpoint's entries back, so a kill at any moment costs nothing that a checkpoint has.
    """

    def __init__(self, folder: Path, fs: FsOps = REAL_DISK) -> None:
        self._folder = folder
        self._fs = fs
        self._next = 0
        self._hashes: dict[int, str] = {}
        self._clear()

    def _clear(self) -> None:
        with plain_errors(self._folder):
            self._fs.make_folder(self._folder)
            for path in self._folder.glob(f"*{_SUFFIX}"):
                self._fs.remove(path)

    def _path(self, place: int) -> Path:
        return self._folder / f"{place:09}{_SUFFIX}"

    def add(self, values: Int8) -> int:
        """See `EntryStore`; raises DiskFull when the disk is, and keeps nothing then."""
        place, self._next = self._next, self._next + 1
        with plain_errors(self._folder):
            write_new(self._path(place), [values.reshape(-1).data], self._fs, sync=False)
        return place

    def read(self, place: int) -> Int8:
        """See `EntryStore`. Read, not mapped: a file that is mapped cannot be removed on Windows."""
        return np.fromfile(self._path(place), np.int8)

    def remove(self, place: int) -> None:
        """See `EntryStore`."""
        self._hashes.pop(place, None)
        self._fs.remove(self._path(place))

    def save(self, places: Sequence[int], folder: Path) -> dict[str, str]:
        """A link to the file of each entry."""
        names = [f"{number:06}{_SUFFIX}" for number in range(len(places))]
        with plain_errors(folder):
            for place, name in zip(places, names, strict=True):
                if place not in self._hashes:
                    self._fs.sync_file(self._path(place))
                    self._hashes[place] = sha256_of(self._path(place))
                self._fs.link_file(self._path(place), folder / name)
            hashes = [self._hashes[place] for place in places]
            write_new(folder / _HASHES, json.dumps(hashes).encode(), self._fs, sync=False)
        return dict(zip(names, hashes, strict=True))

    def load(self, folder: Path, count: int, length: int) -> range:
        """See `EntryStore`."""
        self._clear()
        self._hashes = dict(enumerate(json.loads((folder / _HASHES).read_text())))
        if len(self._hashes) != count:
            raise ValueError(f"{len(self._hashes)} entries of {count}")
        for place in range(count):
            self._fs.link_file(folder / f"{place:06}{_SUFFIX}", self._path(place))
            _check_length(self._path(place), length)
        self._next = count
        return range(count)


def _check_length(path: Path, length: int) -> None:
    if path.stat().st_size != length:
        raise ValueError(f"{path} is not of {length} bytes")
