"""Opens whatever names a film on the command line: a project folder, or a storyboard file that stands alone."""

from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.storyboard import Storyboard
from svi_studio.project.fs_ops import REAL_DISK, FsOps
from svi_studio.project.media_store import resolve_inside
from svi_studio.project.project_file import PROJECT_JSON, Project
from svi_studio.project.schema import read_storyboard
from svi_studio.project.strict_json import parse_object, read_bytes


@dataclass(frozen=True, slots=True)
class FilmSource:
    """A storyboard and the folder that its relative paths start from; ``project`` is None for a bare storyboard."""

    storyboard: Storyboard
    folder: Path
    project: Project | None = None

    def path(self, relative: str) -> Path:
        """The file that a path in the storyboard names. Raises BadProject when it lies outside of ``folder``."""
        return resolve_inside(self.folder, relative)


def open_film(path: Path, fs: FsOps = REAL_DISK) -> FilmSource:
    """Open a ``.svi`` folder, its ``project.json``, or a bare storyboard ``.json`` (one storyboard object, no more).

    Raises BadProject or NewerVersion.
    """
    if _is_folder(path) or path.name == PROJECT_JSON:
        project = Project.open(path, fs)
        return FilmSource(project.storyboard, project.folder, project)
    document = parse_object(read_bytes(path), path)
    return FilmSource(read_storyboard(document, path), path.absolute().parent)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
