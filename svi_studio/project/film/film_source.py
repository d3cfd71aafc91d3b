"""Opens whatever names a film: a project folder, or a bare storyboard file, whose takes lie in a project of its own."""

import os
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.editing.film_files import named_files, named_loras, relinked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.media.inside import is_file_inside, resolve_inside
from svi_studio.project.film.project_file import PROJECT_JSON, SUFFIX, TAKES, Project, project_folder, require_own_parts
from svi_studio.project.film.schema import read_storyboard
from svi_studio.project.media.media_store import MediaStore, media_name
from svi_studio.project.strict_json import parse_object, read_bytes
from svi_studio.project.takes.take_store import TakeStore


@dataclass(frozen=True, slots=True)
class FilmSource:
    """A storyboard, the folder that its relative paths start from, and the project folder for its takes.

    ``is_bare``: the storyboard is a file of its own, and the project folder may not be there yet.
    """

    storyboard: Storyboard
    folder: Path
    project: Path
    is_bare: bool

    @property
    def takes(self) -> TakeStore:
        """Where the takes of this film lie."""
        return TakeStore(self.project / TAKES)

    def file(self, relative: str) -> Path:
        """A file that the storyboard names. Raises BadProject when it lies outside of ``folder``."""
        return resolve_inside(self.folder, relative)

    def differs_from_project(self) -> bool:
        """Whether the project folder of a bare storyboard is there and holds another film than the storyboard says.

        Raises BadProject or NewerVersion for a project that cannot be read.
        """
        if not self.is_bare or not os.path.lexists(self.project / PROJECT_JSON):
            return False
        names = {name: media_name(self.file(name)) for name in self._files_there()}
        return relinked(self.storyboard, names) != Project.open(self.project).storyboard

    def make_project(self) -> None:
        """Makes the project folder of a bare storyboard, whole in itself; one that exists is left alone.

        The film's files are copied into it; one that has no effect need not be there. Raises DiskFull or StudioError;
        then there is no project.
        """
        if not self.is_bare or (self.project / PROJECT_JSON).exists():
            return
        store = MediaStore(self.project)
        needed = [*self.storyboard.media(), *named_loras(self.storyboard)]
        files = dict.fromkeys([*needed, *self._files_there()])
        Project.create(self.project, relinked(self.storyboard, {name: store.add(self.file(name)) for name in files}))

    def _files_there(self) -> list[str]:
        """The film's files that are there, but for a reference picture that no clip is made from or names itself."""
        board = self.storyboard
        idle = {board.reference_image}.difference(board.images(), (clip.image for clip in board.clips))
        return [name for name in named_files(board) if name not in idle and is_file_inside(self.folder, name)]


def open_film(path: Path, project: Path | None = None) -> FilmSource:
    """Opens a ``.svi`` folder, its ``project.json``, or a bare storyboard ``.json`` (one storyboard object, no more).

    ``project`` is the project folder of a bare storyboard, None = the one beside it with its name. Raises BadProject,
    NewerVersion, and BadInput when ``project`` is given for a project, which has its own takes.
    """
    if path.suffix == SUFFIX or path.name == PROJECT_JSON or _is_folder(path):
        if project is not None:
            raise BadInput(f"{path} is a project and keeps its own takes: only a bare storyboard takes another folder.")
        opened = Project.open(path)
        return FilmSource(opened.storyboard, opened.folder, opened.folder, is_bare=False)
    storyboard = read_storyboard(parse_object(read_bytes(path), path), path)
    require_own_parts(project_folder(project or path.with_suffix("")))
    return FilmSource(storyboard, path.parent, project_folder(project or path.with_suffix("")), is_bare=True)


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - a name that the system refuses is no folder, and no error
