"""Files that a storyboard names must lie in the film's own folder, wherever links lead."""

from pathlib import Path, PurePosixPath

from svi_studio.domain.errors import BadProject


def resolve_inside(folder: Path, relative: str) -> Path:
    """The file ``relative`` below ``folder``, links followed. Raises BadProject when it would lie outside."""
    try:
        root = folder.resolve()
        file = root.joinpath(*PurePosixPath(relative).parts).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise BadProject(f"The name '{relative[:200]!a}' is not possible: choose the file again.") from error
    if "\\" in relative or not file.is_relative_to(root) or file == root:
        raise BadProject(f"'{relative[:200]}' lies outside of {folder}: put the file into that folder.")
    return file


def is_file_inside(folder: Path, relative: str) -> bool:
    """Whether ``relative`` is a file below ``folder``, links followed."""
    try:
        return resolve_inside(folder, relative).is_file()
    except (BadProject, OSError):
        return False
