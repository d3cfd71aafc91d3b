"""What the user named to be rendered: a project, or a bare storyboard whose takes lie in a project beside the film."""

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.edits import change_film
from svi_studio.domain.errors import BadInput, BadProject
from svi_studio.domain.storyboard import Storyboard
from svi_studio.project.media_store import MediaStore, resolve_inside
from svi_studio.project.project_file import PROJECT_JSON, SUFFIX, Project
from svi_studio.project.schema import read_storyboard
from svi_studio.project.strict_json import parse_object, read_bytes
from svi_studio.project.take_store import TakeStore


@dataclass(frozen=True)
class FilmSource:
    """A storyboard, the folder that its pictures and LoRAs are relative to, and the project folder for its takes."""

    storyboard: Storyboard
    folder: Path
    project: Path
    is_bare: bool

    @property
    def takes(self) -> TakeStore:
        """Where the takes of this film lie."""
        return TakeStore(self.project / "takes")

    def file(self, relative: str) -> Path:
        """A picture or LoRA that the storyboard names; raises BadProject when it lies outside of the folder."""
        return resolve_inside(self.folder, relative)

    def make_project(self) -> None:
        """Make the project folder of a bare storyboard, with copies of its pictures; one that exists is left alone."""
        if not self.is_bare or (self.project / PROJECT_JSON).exists():
            return
        store = MediaStore(self.project)
        copies = {image: store.add(self.file(image)) for image in self.storyboard.images()}
        Project.create(self.project, _with_pictures(self.storyboard, copies))


def open_film(options: Namespace) -> FilmSource:
    """The film that the command line names; raises BadInput, BadProject or NewerVersion."""
    source: Path = options.source
    film = _open_project(options) if _is_project(source) else _open_storyboard(options)
    if options.seed is None:
        return film
    seeded = change_film(film.storyboard, seed=options.seed)
    return FilmSource(seeded, film.folder, film.project, film.is_bare)


def _is_project(source: Path) -> bool:
    return source.is_dir() or source.suffix == SUFFIX or source.name == PROJECT_JSON


def _open_project(options: Namespace) -> FilmSource:
    if options.project is not None:
        raise BadInput("A project keeps its own takes: leave --project out, it is for a bare storyboard.")
    project = Project.open(options.source)
    return FilmSource(project.storyboard, project.folder, project.folder, is_bare=False)


def _open_storyboard(options: Namespace) -> FilmSource:
    source: Path = options.source
    if not source.exists():
        raise BadProject(f"There is no storyboard {source}: check the name.")
    storyboard = read_storyboard(parse_object(read_bytes(source), source), source)
    project: Path = options.project or (options.output or source).with_suffix(SUFFIX)
    if project.suffix != SUFFIX:
        project = project.with_name(project.name + SUFFIX)
    return FilmSource(storyboard, source.parent, project, is_bare=True)


def _with_pictures(storyboard: Storyboard, copies: dict[str, str]) -> Storyboard:
    def copied(image: str | None) -> str | None:
        return None if image is None else copies.get(image, image)

    clips = tuple(clip.model_copy(update={"image": copied(clip.image)}) for clip in storyboard.clips)
    return storyboard.model_copy(update={"clips": clips, "reference_image": copied(storyboard.reference_image)})
