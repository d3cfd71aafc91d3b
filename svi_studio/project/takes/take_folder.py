"""One take's folder: reading its manifest, checking its files against it, removing what is its own."""

import os
import re
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.plain_file import sha256_of
from svi_studio.disk.publish import MARK
from svi_studio.domain.errors import BadProject
from svi_studio.domain.takes.take import MANIFEST, Take, TakeFile
from svi_studio.project.strict_json import read_bytes

MAX_MANIFEST = 4 << 20
_OLD_MARK = "manifest.damaged.json"
_LARGEST = 1 << 28  # bytes of a file of a take beside its pixels
_BYTES_A_PIXEL = 8
_HASH = re.compile(r"[0-9a-f]{64}")


def is_take_name(name: str) -> bool:
    """Whether ``name`` can be the name of a take's folder."""
    return _HASH.fullmatch(name) is not None


def take_exists(folder: Path) -> bool:
    """Whether ``folder`` is a take: a manifest that is its own, and every file it names in its full size."""
    try:
        take = read_manifest(folder)
    except BadProject:
        return False
    return all(file_size(folder / file.name) == file.size for file in take.files)


def read_manifest(folder: Path) -> Take:
    """The manifest in ``folder``. Raises BadProject when it is missing, damaged or another take's."""
    if not is_take_name(folder.name):
        raise BadProject(f"{folder.name[:80]!a} is not the name of a take.")
    return _manifest(folder, MANIFEST)


def _manifest(folder: Path, name: str) -> Take:
    content = read_bytes(folder / name, MAX_MANIFEST, root=folder.parent.parent)
    try:
        take = Take.model_validate_json(content)
    except ValidationError as error:
        raise BadProject(
            f"The take {folder} is damaged: delete that folder to have the clip rendered again."
        ) from error
    if {take.take_hash, take.job.take_hash} != {folder.name}:
        raise BadProject(f"The take {folder} belongs to another clip: delete that folder to have it rendered again.")
    job = take.job
    most = _LARGEST + _BYTES_A_PIXEL * job.width * job.height * job.num_frames
    if any(file.size > most for file in take.files):
        raise BadProject(f"The take {folder} has a file that is far too large: delete that folder to render it again.")
    return take


def check_file(folder: Path, file: TakeFile) -> None:
    """Compares a file of a take with its manifest. Raises BadProject when it is missing or other content."""
    path = folder / file.name
    with plain_errors(path):
        if file_size(path) == file.size and sha256_of(path) == file.sha256:
            return
    raise BadProject(f"The file {file.name} of the take {folder} is damaged: render the clip again.")


def describe_files(folder: Path) -> tuple[TakeFile, ...]:
    """Name, size and content hash of every file in a draft. Raises OSError; ValueError on anything but plain files."""
    files = sorted(file for file in folder.iterdir() if file.name != MARK)
    if any(file.is_symlink() or not file.is_file() for file in files):
        raise ValueError("a take holds plain files only")
    return tuple(TakeFile(name=file.name, sha256=sha256_of(file), size=file.stat().st_size) for file in files)


def mark(folder: Path, fs: FsOps) -> None:
    """Says that the take in ``folder`` is no more, or not yet: its manifest becomes the mark. Raises OSError."""
    fs.replace(folder / MANIFEST, folder / MARK)


def remove_take(folder: Path, fs: FsOps) -> None:
    """Removes a take, its manifest first, so that no half of it is ever a take. Raises OSError.

    Files that its manifest does not name stay, and the folder with them.
    """
    mark(folder, fs)
    fs.sync_folder(folder)
    remove_unfinished(folder, fs)


def remove_unfinished(folder: Path, fs: FsOps) -> None:
    """Removes what a killed process left of a take, if its mark says so, or if it is empty. Raises OSError."""
    found = next((name for name in (MARK, _OLD_MARK) if file_size(folder / name) is not None), None)
    if found is None:
        fs.remove_folder(folder)
    else:
        fs.remove_tree(folder, last=found, only=_own_names(folder, found))


def _own_names(folder: Path, mark_name: str) -> Collection[str] | None:
    """What the manifest that became the mark names; None = everything, in a folder where there was none yet."""
    if file_size(folder / mark_name) == 0:
        return None
    with suppress(BadProject):
        return {MARK, _OLD_MARK, *(file.name for file in _manifest(folder, mark_name).files)}
    return {MARK, _OLD_MARK}


def is_other_thing(path: Path, *, is_folder: bool = True) -> bool:
    """Whether a link, a device or the like lies at ``path``, where a folder, or else a file, would be this program's.

    Nothing at all is no other thing.
    """
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISDIR if is_folder else stat.S_ISREG)(mode)


def file_size(file: Path) -> int | None:
    """Size in bytes, or None when there is no plain file of that name."""
    try:
        found = os.lstat(file)
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
