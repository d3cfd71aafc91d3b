"""The videos of a folder, by name."""

import os
from pathlib import Path

from svi_studio.domain.errors import BadInput, from_os_error

ENDINGS = (".mp4", ".mov", ".mkv", ".webm")


def find_videos(folder: Path) -> list[str]:
    """The videos in ``folder`` and the folders in it, sorted, with '/' between folders; hidden ones are passed over.

    Links to videos are followed, links to folders are not. Raises BadInput when there is no folder or no video,
    StudioError when it must not be read.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: choose the folder with your videos.")
    found: list[str] = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = Path(place).relative_to(folder)
        found += [(below / name).as_posix() for name in names if _is_video(name)]
    if not found:
        raise BadInput(f"There is no video in {folder}: choose a folder with .mp4, .mov, .mkv or .webm files.")
    return sorted(found)


def _is_video(name: str) -> bool:
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def _refuse(error: OSError) -> None:
    raise from_os_error(error, Path(os.fsdecode(error.filename or ""))) from error
