"""One take's folder: reading its manifest, checking its files against it, removing it."""

import re
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.errors import BadProject
from svi_studio.domain.take import MANIFEST, Take, TakeFile
from svi_studio.project.atomic import plain_errors
from svi_studio.project.fs_ops import FsOps
from svi_studio.project.media_store import sha256_of
from svi_studio.project.strict_json import read_bytes

MAX_MANIFEST = 4 << 20
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
    content = read_bytes(folder / MANIFEST, MAX_MANIFEST)
    try:
        take = Take.model_validate_json(content)
    except ValidationError as error:
        raise BadProject(
            f"The take {folder} is damaged: delete that folder to have the clip rendered again."
        ) from error
    if {take.take_hash, take.job.take_hash} != {folder.name}:
        raise BadProject(f"The take {folder} belongs to another clip: delete that folder to have it rendered again.")
    return take


def check_file(folder: Path, file: TakeFile) -> None:
    """Compare a file of a take with its manifest. Raises BadProject when it is missing or other content."""
    path = folder / file.name
    with plain_errors(path):
        if file_size(path) == file.size and sha256_of(path) == file.sha256:
            return
    raise BadProject(f"The file {file.name} of the take {folder} is damaged: render the clip again.")


def describe_files(folder: Path) -> tuple[TakeFile, ...]:
    """Name, size and content hash of every file in a draft. Raises OSError; ValueError on anything but plain files."""
    files = sorted(folder.iterdir())
    if any(file.is_symlink() or not file.is_file() for file in files):
        raise ValueError("a take holds plain files only")
    return tuple(TakeFile(name=file.name, sha256=sha256_of(file), size=file.stat().st_size) for file in files)


def remove_take(folder: Path, fs: FsOps) -> None:
    """Remove a take, its manifest first, so that no half of it is ever a take. Raises OSError."""
    fs.remove(folder / MANIFEST)
    fs.sync_folder(folder)
    fs.remove_tree(folder)


def file_size(file: Path) -> int | None:
    """Size in bytes, or None when there is no such file."""
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None
