"""Files that can be made again: whole under their name or not there, but nobody waits for the disk."""

from collections.abc import Callable
from pathlib import Path
from typing import IO

from svi_studio.disk.publish import part_path, remove
from svi_studio.domain.errors import from_os_error


def write_quickly(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let ``write`` fill a file that gets the name ``path`` when it is complete. Raises DiskFull or StudioError."""
    part = part_path(path)
    try:
        with part.open("wb") as file:
            write(file)
        part.replace(path)
    except OSError as error:
        raise from_os_error(error, path) from error
    finally:
        remove(part)


def is_written(path: Path) -> bool:
    """Whether there is such a file with something in it; a power cut can leave an empty one."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
