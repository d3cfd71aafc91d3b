"""Opens whatever names a film: a project folder, or a bare storyboard file, whose takes lie in a project of its own."""

import os
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.credit_edits import moved_credits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.framing_edits import moved_framings
from svi_studio.domain.storyboard import Storyboard
from svi_studio.media.inside import is_file_inside, resolve_inside
from svi_studio.project.media_store import MediaStore, media_name
from svi_studio.project.project_file import PROJECT_JSON, SUFFIX, TAKES, Project, project_folder, require_own_parts
from svi_studio.project.schema import read_storyboard
from svi_studio.project.strict_json import parse_object, read_bytes
from svi_studio.project.take_store import TakeStore


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
        """A picture or LoRA that the storyboard names. Raises BadProject when it lies outside of ``folder``."""
        return resolve_inside(self.folder, relative)

    def differs_from_project(self) -> bool:
        """Whether the project folder of a bare storyboard is there and holds another film than the storyboard says.

        Raises BadProject or NewerVersion for a project that cannot be read.
        """
        if not self.is_bare or not os.path.lexists(self.project / PROJECT_JSON):
            return False
        files = [*self.storyboard.images(), *self._idle_images(), *self._loras()]
        names = {name: media_name(self.file(name)) for name in files if is_file_inside(self.folder, name)}
        return _with_files(self.storyboard, names) != Project.open(self.project).storyboard

    def make_project(self) -> None:
        """Make the project folder of a bare storyboard, whole in itself; one that exists is left alone.

        Pictures and LoRAs are copied into it. Raises DiskFull or StudioError; then there is no project.
        """
        if not self.is_bare or (self.project / PROJECT_JSON).exists():
            return
        store = MediaStore(self.project)
        files = dict.fromkeys([*self.storyboard.images(), *self._idle_images(), *self._loras()])
        Project.create(self.project, _with_files(self.storyboard, {name: store.add(self.file(name)) for name in files}))

    def _idle_images(self) -> list[str]:
        """Pictures of clips that have no effect as the film is now; one that is not there is no reason to stop."""
        named = (clip.image for clip in self.storyboard.clips if clip.image is not None)
        return [image for image in named if is_file_inside(self.folder, image)]

    def _loras(self) -> list[str]:
        return [use.file for use in self.storyboard.loras]


def open_film(path: Path, project: Path | None = None) -> FilmSource:
    """Open a ``.svi`` folder, its ``project.json``, or a bare storyboard ``.json`` (one storyboard object, no more).

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


def _with_files(storyboard: Storyboard, copies: dict[str, str]) -> Storyboard:
    """The storyboard with other paths for its pictures and LoRAs; ``copies`` has them by the old ones."""

    def copied(image: str | None) -> str | None:
        return None if image is None else copies.get(image, image)

    clips = tuple(clip.model_copy(update={"image": copied(clip.image)}) for clip in storyboard.clips)
    loras = tuple(use.model_copy(update={"file": copies.get(use.file, use.file)}) for use in storyboard.loras)
    pictures = {
        "reference_image": copied(storyboard.reference_image),
        "framings": moved_framings(storyboard, lambda picture: copies.get(picture, picture)),
        "credits": moved_credits(storyboard, lambda picture: copies.get(picture, picture)),
    }
    return storyboard.model_copy(update={"clips": clips, "loras": loras, **pictures})
