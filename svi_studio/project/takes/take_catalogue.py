"""All takes of a film at a glance: their manifests, read one after the other, without opening a picture."""

from collections.abc import Iterator
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.domain.errors import StudioError
from svi_studio.domain.takes.take import Take
from svi_studio.project.takes.take_folder import file_size, is_take_name, read_manifest


def scan_takes(folder: Path) -> Iterator[Take]:
    """The manifests in the takes folder ``folder``, in no particular order; damaged takes are left out.

    No folder is no takes. Raises StudioError when the folder is there but cannot be listed.
    """
    if not folder.is_dir():
        return
    with plain_errors(folder):
        names = [entry.name for entry in folder.iterdir() if is_take_name(entry.name)]
    for name in names:
        take = read_take(folder, name)
        if take is not None:
            yield take


def read_take(folder: Path, take_hash: str) -> Take | None:
    """The take ``take_hash`` in the takes folder ``folder``; None when it is not there, damaged, or lacks a file."""
    try:
        take = read_manifest(folder / take_hash)
    except StudioError:
        return None
    whole = all(file_size(folder / take_hash / file.name) == file.size for file in take.files)
    return take if whole else None
