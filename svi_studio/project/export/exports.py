"""Which files a film was exported to, so that its own earlier export may be replaced and nobody else's file is."""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadInput, BadProject, StudioError
from svi_studio.domain.value import Value
from svi_studio.media.picture_folder import FACTS
from svi_studio.project.export.film_credits import CREDITS_START, credits_file
from svi_studio.project.film.project_file import TAKES
from svi_studio.project.media.media_store import MEDIA
from svi_studio.project.strict_json import read_bytes

EXPORTS: Final = "exports.json"
_MOST_KEPT = 200
_MAX_BYTES = 4 << 20


class _Written(Value):
    """How the system described a file just after it was written."""

    size: int = Field(ge=0)
    changed: int  # nanoseconds since 1970


class _Exports(Value):
    schema_version: int = 1
    files: Mapping[str, _Written] = Field(default_factory=dict)


def refuse_to_replace(project: Path, target: Path, *, overwrite: bool) -> None:
    """Raises BadInput when an export to ``target`` would replace what the film in ``project`` did not write.

    Its own earlier export goes without a question as long as nobody changed it; ``overwrite`` is the user's word that
    anything may go, but what the film is made of.
    """
    inner = next((name for name in (TAKES, MEDIA) if _is_in(project / name, target)), None)
    if inner is not None:
        raise BadInput(
            f'"{target}" lies in the folder "{inner}" of the film, which holds what the film is made of: '
            "choose another place."
        )
    if overwrite:
        return
    credits = credits_file(target)
    if _is_in_the_way(project, target) or (os.path.lexists(credits) and not _holds_credits(credits)):
        there = target if os.path.lexists(target) else credits
        raise BadInput(
            f'"{there}" is there already, and it is not what this film wrote there last: '
            "add --overwrite to replace it, or choose another name."
        )


def remember_export(project: Path, target: Path, fs: FsOps = REAL_DISK) -> None:
    """Notes in ``project`` that its film is at ``target``; where nothing can be noted, the next export asks."""
    seen = _seen(target)
    if seen is None:
        return
    disk = fs.below(project)
    with suppress(StudioError), locked(project, timeout=5, fs=disk):
        files = {name: each for name, each in _known(project).items() if name != _key(target)}
        kept = dict(list(files.items())[1 - _MOST_KEPT :]) | {_key(target): seen}
        atomic_write(project / EXPORTS, _Exports(files=kept).model_dump_json(indent=1).encode() + b"\n", disk)


def _is_in(folder: Path, target: Path) -> bool:
    return folder.resolve() in (target.resolve(), *target.resolve().parents)


def _is_in_the_way(project: Path, target: Path) -> bool:
    if target.is_symlink():  # of the user's: exports are files and folders themselves
        return True
    if not os.path.lexists(target) or (target.is_dir() and not any(target.iterdir())):
        return False
    return _known(project).get(_key(target)) != _seen(target)


def _known(project: Path) -> Mapping[str, _Written]:
    try:
        return _Exports.model_validate_json(read_bytes(project / EXPORTS, _MAX_BYTES, root=project)).files
    except (BadProject, ValidationError):
        return {}


def _key(target: Path) -> str:
    return str(target.parent.resolve() / target.name)


def _seen(target: Path) -> _Written | None:
    """What the system says of a file, or of the facts in a folder of pictures; None for anything else."""
    try:
        found = os.lstat(target / FACTS if target.is_dir() and not target.is_symlink() else target)
    except OSError:
        return None
    return _Written(size=found.st_size, changed=found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _holds_credits(file: Path) -> bool:
    try:
        return read_bytes(file, _MAX_BYTES).startswith(CREDITS_START.encode())
    except BadProject:
        return False
