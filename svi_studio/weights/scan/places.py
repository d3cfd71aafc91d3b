"""Finds the files of weights below a folder, each physical file once, laid out as by the programs that use them."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import Stopped
from svi_studio.weights.model_folder import some_of
from svi_studio.weights.scan.extra_paths import FILE_NAMES, extra_folders

ENDINGS = frozenset({".safetensors", ".sft", ".gguf", ".ckpt", ".pt", ".pt2", ".pth", ".bin", ".pkl", ".pickle"})
TOKENIZERS = frozenset({"tokenizer.json", "spiece.model"})
_LEFT_OUT = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "python_embeded", "python_embedded", "custom_nodes"}
)
_MOST_FILES, _DEEPEST, _MOST_OF_A_NAME = 100_000, 40, 1000

Key = tuple[int, int] | str


@dataclass(frozen=True)
class Place:
    """A file by the path that its names are taken from, and what it is on the disk: size and time of change, in ns."""

    path: Path
    bytes: int
    changed: int


@dataclass
class Walk:
    """One walk below a folder, which raises Stopped soon after ``should_stop()`` turns true, weights or none.

    ``problems``: a sentence for each folder that could not be read.
    """

    should_stop: Callable[[], bool] = lambda: False
    problems: list[str] = field(default_factory=list)
    _folders: set[Key] = field(default_factory=set)
    _files: set[Key] = field(default_factory=set)

    def files(self, root: Path) -> Iterator[Place]:
        """Every file of weights below ``root``, links followed, folders before what is in them, by name."""
        waiting: list[tuple[Path, int]] = [(root, 0)]
        while waiting:
            folder, depth = waiting.pop()
            try:
                inner = self._enter(folder)
                self._go_on(root)
                for place in self._weights_in(folder, inner):
                    self._go_on(root)
                    yield place
                    if len(self._files) >= _MOST_FILES:
                        self.problems.append(f"{root} holds over {_MOST_FILES:,} files: choose a folder further in.")
                        return
                if depth < _DEEPEST:
                    inside = [*_inner_folders(folder, inner), *self._written_down(folder, inner)]
                    waiting += [(next_, depth + 1) for next_ in reversed(inside)]
            except OSError as error:
                self.problems.append(_unread(folder, error))
                if not os.path.isdir(root):  # noqa: PTH112 - False whatever the disk says
                    return

    def _go_on(self, root: Path) -> None:
        if self.should_stop():
            raise Stopped(f"The look through {root} was stopped.")

    def _enter(self, folder: Path) -> list[os.DirEntry[str]]:
        """What lies in ``folder``; nothing when it was entered before, by another link."""
        key = _key(folder, folder.stat())
        if key in self._folders:
            return []
        self._folders.add(key)
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)

    def _written_down(self, folder: Path, entries: list[os.DirEntry[str]]) -> list[Path]:
        """The other folders that ComfyUI's own files in ``folder`` name; those that are gone are told of together."""
        found: list[Path] = []
        for name in (name for name in FILE_NAMES if any(entry.name == name for entry in entries)):
            named = extra_folders(folder / name)
            gone = [str(place) for place in named if not os.path.isdir(place)]  # noqa: PTH112 - False for any odd name
            found += [place for place in named if str(place) not in gone]
            if gone:
                what = "a folder that is" if len(gone) == 1 else "folders that are"
                self.problems.append(
                    f"{folder / name} names {what} not there, {some_of(gone)}: check the drive, or take that line out."
                )
        return found

    def _weights_in(self, folder: Path, entries: list[os.DirEntry[str]]) -> Iterator[Place]:
        for entry in entries:
            if not _is_named_so(entry.name):
                continue
            path = folder / entry.name
            try:
                status = path.stat()
            except OSError as error:
                self.problems.append(_broken_link(path) if _is_broken_link(entry, error) else _unread(path, error))
                continue
            key = _key(path, status)
            if stat.S_ISREG(status.st_mode) and key not in self._files:
                self._files.add(key)
                yield Place(path, status.st_size, status.st_mtime_ns)


def _is_named_so(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS or name in TOKENIZERS  # noqa: PTH122 - quick, no Path made


def _inner_folders(folder: Path, entries: list[os.DirEntry[str]]) -> list[Path]:
    """The folders to look into next, after ``folder``: of a program's own, only those where it keeps models."""
    inner = [entry.name for entry in entries if _is_folder(entry)]
    if "snapshots" in inner and {"blobs", "refs"} & {*inner}:
        return _snapshots(folder)
    names = {entry.name for entry in entries}
    if "models" in inner and {"main.py", "comfy"} <= names:
        inner = ["models"]
    return [folder / name for name in inner if not name.startswith(".") and name not in _LEFT_OUT]


def _snapshots(download: Path) -> list[Path]:
    """The states of a download in Hugging Face's cache, the one that counts first; blobs have no names of their own."""
    with os.scandir(download / "snapshots") as entries:
        names = sorted((entry.stat().st_mtime, entry.name) for entry in entries if entry.is_dir())
    main = ""
    with suppress(OSError):
        main = read_plain(download / "refs" / "main", _MOST_OF_A_NAME).decode("ascii", "replace").strip()
    youngest_first = [name for _, name in reversed(names)]
    return [download / "snapshots" / name for name in sorted(youngest_first, key=lambda name: name != main)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _key(path: Path, status: os.stat_result) -> Key:
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.normcase(path.resolve())


def _is_broken_link(entry: os.DirEntry[str], error: OSError) -> bool:
    return isinstance(error, FileNotFoundError) and entry.is_symlink()


def _broken_link(path: Path) -> str:
    return f"{path} is a link to a file that is not there: check that its drive is there, or remove the link."


def _unread(path: Path, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{path} could not be read ({reason}): check that its drive is there and that you may read it."
