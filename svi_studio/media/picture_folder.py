"""A folder of pictures that was exported before: what in it is this program's, and how a new one takes its place."""

import errno
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.plain_file import open_plain, read_plain
from svi_studio.disk.publish import MARK, sync_tree
from svi_studio.disk.real_path import refusal
from svi_studio.domain.errors import BadInput, from_os_error

FACTS: Final = "film.json"
PICTURES: Final = "pictures"
"""In ``film.json``: a line for every picture that the export wrote, see ``picture_line``."""

_MOST_FACTS = 64 << 20
_MOST_PICTURE = 1 << 30
_NAME = re.compile(r"\d{6,9}\.png")
_LINE = re.compile(r"(\d{6,9}\.png) (\d{1,12}) ([0-9a-f]{64})")
_JUST_NOW = 3 * 10**9  # nanoseconds: how finely some disks know when a file was changed


@dataclass(frozen=True, slots=True)
class _Picture:
    """What the export wrote; an export of an earlier version says nothing of size and content."""

    name: str
    size: int | None
    sha256: str


def picture_line(name: str, content: bytes) -> str:
    """Name, size in bytes and SHA-256 of a picture, as ``film.json`` lists it."""
    return f"{name} {len(content)} {hashlib.sha256(content).hexdigest()}"


def own_files(folder: Path) -> frozenset[str]:
    """The files in ``folder`` that an earlier export of pictures wrote and that are as it wrote them.

    Raises BadInput when ``folder`` holds something that a new export would have to write over: another kind of folder,
    a picture that was changed since, or one of another's under such a name. Everything else may stay beside them.
    """
    names = {entry.name for entry in folder.iterdir()}
    if not names:
        return frozenset()
    pictures = _listed(folder)
    if pictures is None:
        raise BadInput(f'"{folder}" already exists and is not a picture folder of this program; choose another name.')
    written = (folder / FACTS).lstat().st_mtime_ns
    there = [picture for picture in pictures if picture.name in names]
    known = {picture.name for picture in pictures}
    foreign = [name for name in sorted(names) if _NAME.fullmatch(name) and name not in known]
    changed = (picture.name for picture in there if not _is_as_written(folder / picture.name, picture, written))
    wrong = foreign[0] if foreign else next(changed, None)
    if wrong is not None:
        raise BadInput(
            f'"{folder / wrong}" is not as the last export left it, and a new one would write over it: '
            "move it away or choose another name."
        )
    return frozenset({FACTS, *(picture.name for picture in there)})


def put_in_place(part: Path, target: Path, fs: FsOps) -> None:
    """Gives the finished folder ``part`` the name ``target``; what the user put into an earlier one is in the new one.

    The old or the new one stands under the name at every moment, where the system can exchange two names in one step;
    elsewhere the old one has a name with ``before`` in it between two renames. Raises OSError and BadInput.
    """
    own = own_files(target) if os.path.lexists(target) else None
    if own is not None:
        _adopt(target, part, {*own, MARK}, fs)
    sync_tree(part, fs)
    if own is None:
        fs.rename_folder(part, target)
        fs.sync_folder(target.parent)
        fs.remove(target / MARK)
        return
    _take_place(part, target, own, fs)


def _take_place(part: Path, target: Path, own: Collection[str], fs: FsOps) -> None:
    old = part
    if not os.path.lexists(target / MARK):
        os.close(fs.create(target / MARK))  # for the old one, which may be cleaned from the exchange on
    if not fs.exchange(part, target):
        old = target.with_name(f"{target.name} before {secrets.token_hex(4)}")
        fs.rename_folder(target, old)
        try:
            fs.rename_folder(part, target)
        except OSError:
            fs.rename_folder(old, target)
            raise
    fs.sync_folder(target.parent)
    fs.remove(target / MARK)
    _adopt(old, target, {*own, MARK}, fs)  # what came in meanwhile
    fs.sync_folder(target)
    fs.remove_tree(old, last=MARK)


def _adopt(old: Path, new: Path, own: Collection[str], fs: FsOps) -> None:
    """Gives everything in ``old`` but the files ``own`` a second name in ``new``, where it has none yet."""
    for relative, kind in _others(old, own):
        place = new / relative
        if kind == stat.S_IFDIR:
            fs.make_folder(place)
        elif not os.path.lexists(place):
            fs.link_file(old / relative, place)


def _others(folder: Path, own: Collection[str], inner: Path = Path()) -> Iterator[tuple[Path, int]]:
    """What the user put into ``folder``, outermost first: its path from there, and what it is."""
    for entry in sorted((folder / inner).iterdir()):
        relative = inner / entry.name
        if str(relative) in own:
            continue
        kind = stat.S_IFMT(entry.lstat().st_mode)
        if kind not in {stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}:
            raise refusal(entry, kind)
        yield relative, kind
        if kind == stat.S_IFDIR:
            yield from _others(folder, (), relative)


def _listed(folder: Path) -> list[_Picture] | None:
    """The pictures that ``film.json`` in ``folder`` lists; None when it is none of this program's."""
    try:
        facts: dict[str, Any] = json.loads(read_plain(folder / FACTS, _MOST_FACTS, root=folder))
        lines, count = facts.get(PICTURES), int(facts["frames"])
        if lines is None:
            return [_Picture(f"{number:06}.png", None, "") for number in range(1, min(count, 10**9) + 1)]
        found = [_LINE.fullmatch(line) for line in lines]
        return [_Picture(each[1], int(each[2]), each[3]) for each in found if each is not None]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_as_written(file: Path, picture: _Picture, written: int) -> bool:
    """By its size and time; the content is read only where a copy of the folder has given it another time."""
    found = file.lstat()
    if not stat.S_ISREG(found.st_mode) or (picture.size is not None and found.st_size != picture.size):
        return False
    if found.st_mtime_ns <= written + _JUST_NOW:
        return True
    if picture.size is None:
        return False
    try:
        with open_plain(file, _MOST_PICTURE) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == picture.sha256
    except OSError as error:
        raise from_os_error(error, file) from error


def refuse_to_replace_other_folders(path: Path) -> None:
    """Raises BadInput unless ``path`` is free, empty, or a picture folder that this program may write anew."""
    if os.path.lexists(path) and not path.is_dir():
        raise BadInput(f'"{path}" already exists and is not a picture folder of this program; choose another name.')
    try:
        if path.is_dir():
            own_files(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise from_os_error(error, path) from error
