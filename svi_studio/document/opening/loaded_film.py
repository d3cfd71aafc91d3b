"""A film as it comes from the disk, before there is a window for it. Everything here may run in any thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from svi_studio.document.opening.new_film import films_folder, free_path
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import PROJECT_JSON, SUFFIX, Project
from svi_studio.project.film.window_lock import WindowLock
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

_WAN_FRAMES = 81


@dataclass(frozen=True)
class LoadedFilm:
    """An open project. ``lock`` is held by this process; None when ``read_only_reason`` says why there is none.

    ``num_frames`` and ``fps`` are the model's, as far as it was found: they only set the ruler until the model is read.
    """

    project: Project
    lock: WindowLock | None
    read_only_reason: str
    num_frames: int
    fps: float | None


def load_film(path: Path) -> LoadedFilm:
    """Opens the film at ``path``: a project folder, its ``project.json``, or a bare storyboard.

    A bare storyboard gets a project beside it, or among the user's films when nothing can be written there, with copies
    of its pictures. Raises BadProject, NewerVersion, BadInput
    or StudioError; then nothing is locked.
    """
    path = _project_at(path)
    folder = path.parent if path.name == PROJECT_JSON else path
    lock, reason = _locked(folder)
    try:
        project = Project.open(folder)
        return LoadedFilm(project, lock, reason, *_clip_length(project))
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def _project_at(path: Path) -> Path:
    if path.suffix == SUFFIX or path.name == PROJECT_JSON or path.is_dir():
        return path
    film = open_film(path)
    if not film.project.exists() and not os.access(path.parent, os.W_OK):
        film = open_film(path, project=free_path(films_folder(), path.stem))
        films_folder().mkdir(parents=True, exist_ok=True)
    if film.differs_from_project():
        raise BadInput(
            f"{film.project} was made from another version of {path.name}: open it to go on with that film, "
            f"or give {path.name} another name to make a new one."
        )
    film.make_project()
    return film.project


def _locked(folder: Path) -> tuple[WindowLock | None, str]:
    if not (folder / PROJECT_JSON).exists():
        return None, ""  # opening it says what is wrong
    if not os.access(folder, os.W_OK):
        return None, f"This film can only be read, because {folder} is write-protected: copy it to edit it."
    lock = WindowLock(folder)
    try:
        return (lock, "") if lock.acquire() else (None, lock.holder())
    except StudioError as error:
        return None, f"This film can only be read. {error}"


def _clip_length(project: Project) -> tuple[int, float | None]:
    try:
        card = read_card(find_model(project.storyboard.model, beside=project.folder))
    except StudioError:
        return _WAN_FRAMES, None  # the reading of the model says what is wrong with it
    return card.num_frames, card.fps
