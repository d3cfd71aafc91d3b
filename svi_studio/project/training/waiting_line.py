"""The line of trainings that wait for their turn: a file beside them, which outlives the program."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.project.training.runs import RECIPE, trainings_folder

LINE: Final = "waiting.json"
CALLER: Final = ".line.lock"
"""Locked by the program that begins with the next training when its turn comes."""

_FORMAT = "svi-studio trainings in line"
_VERSION = 1
_MAX_BYTES = 1 << 20

Line = tuple[Path, ...]


class FoundLine(NamedTuple):
    """The folders of the trainings in line, first to last, and a sentence about a file that cannot be read."""

    folders: Line
    problem: str = ""
    is_newer: bool = False


def read_line(place: Path | None = None) -> FoundLine:
    """The trainings that wait in ``place``; those whose folder is gone are left out."""
    place = place or trainings_folder()
    file = place / LINE
    try:
        with open_plain(file, _MAX_BYTES) as stream:
            said = json.loads(stream.read())
        if said["format"] != _FORMAT:
            raise ValueError(said["format"])
        if said["version"] != _VERSION:
            return FoundLine((), f"The line of trainings in {file} is of a newer version: update SVI Studio.", True)
        folders = dict.fromkeys(place / str(name) for name in said["folders"])
    except FileNotFoundError:
        return FoundLine(())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return FoundLine((), f"The line of trainings in {file} is damaged: put in line again what should still run.")
    return FoundLine(tuple(folder for folder in folders if (folder / RECIPE).is_file()))


def change_line(change: Callable[[Line], Sequence[Path]], place: Path | None = None, fs: FsOps = REAL_DISK) -> Line:
    """Puts ``change(line)`` in the place of the line that is on the disk now; returns it.

    No other program changes it meanwhile. Raises StudioError, DiskFull or BadInput; then it is as it was.
    """
    place = place or trainings_folder()
    with plain_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    with locked(place):
        found = read_line(place)
        if found.is_newer:
            raise BadInput(found.problem)
        line = tuple(change(found.folders))
        if line != found.folders or found.problem:
            names = [str(folder.relative_to(place) if folder.is_relative_to(place) else folder) for folder in line]
            said = {"format": _FORMAT, "version": _VERSION, "folders": names}
            atomic_write(place / LINE, json.dumps(said, indent=1).encode(), fs)
    return line


def prepare_run(folder: Path, recipe: TrainingRecipe) -> None:
    """Makes of ``folder`` a training that has not begun: one with a recipe. Raises StudioError or DiskFull."""
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / RECIPE).exists():
            atomic_write(folder / RECIPE, recipe_to_text(recipe))


def joined(line: Line, folder: Path, *, first: bool = False) -> Line:
    """``line`` with ``folder`` at its end, or at its beginning; one that stands there already keeps its place."""
    if folder in line:
        return line
    return (folder, *line) if first else (*line, folder)


def left(line: Line, folder: Path) -> Line:
    """``line`` without ``folder``."""
    return tuple(each for each in line if each != folder)


def moved(line: Line, folder: Path, by: int) -> Line:
    """``line`` with ``folder`` ``by`` places later, earlier when negative, within the line."""
    if folder not in line:
        return line
    others = left(line, folder)
    place = min(max(line.index(folder) + by, 0), len(others))
    return (*others[:place], folder, *others[place:])
