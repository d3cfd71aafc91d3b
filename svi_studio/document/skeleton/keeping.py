"""Skeletons as files of a film: written into its media, with the original that each one was made from named in it."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.project.media.media_store import MEDIA, MediaStore

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton

ENDINGS = (".npz", ".json")
"""Of files that hold a skeleton; a rendered one is a video."""


def keep_skeleton(folder: Path, skeleton: "Skeleton") -> str:
    """Writes ``skeleton`` into the film in ``folder``; returns its path below it. Raises StudioError. For a thread."""
    from svi_studio.media.poses.skeleton_file import write_skeleton  # noqa: PLC0415 - with numpy, for a skeleton

    with tempfile.TemporaryDirectory(prefix="svi-skeleton-") as room:
        file = Path(room) / "skeleton.npz"
        write_skeleton(file, skeleton)
        return MediaStore(folder).add(file)


def original_of(folder: Path, skeleton: "Skeleton") -> str | None:
    """The file in the film in ``folder`` that ``skeleton`` was made from; None for one that is as it was found."""
    origin = skeleton.origin.sha256
    names = (f"{MEDIA}/{origin}{ending}" for ending in ENDINGS) if origin else ()
    return next((name for name in names if (folder / name).is_file()), None)


def naming_original(folder: Path, file: str, changed: "Skeleton") -> "Skeleton":
    """``changed``, which was made from the film's ``file``, so that ``original_of`` finds where it all began."""
    if original_of(folder, changed) is not None:
        return changed
    return changed.with_parts({}, origin=replace(changed.origin, sha256=Path(file).stem))
