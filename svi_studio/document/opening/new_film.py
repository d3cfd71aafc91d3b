"""New films: from a picture, a video, or one of the examples, made at once in the user's Videos folder."""

import json
import shutil
from itertools import count
from pathlib import Path

from platformdirs import user_videos_path

from svi_studio.domain.editing.video_edits import go_on_from_video
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.story_brief import story_brief
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.value import with_fields
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.media.images import look_at
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import SUFFIX, Project
from svi_studio.project.media.last_frame import add_last_frame
from svi_studio.project.media.media_store import MediaStore
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import known_words_of
from svi_studio.weights.catalogue import find_model

FOLDER = "SVI Studio"


def films_folder() -> Path:
    """The folder of new films; it is created with the first one."""
    return user_videos_path() / FOLDER


def new_film_from_picture(picture: Path, folder: Path | None = None, model: str = "") -> Path:
    """A project that starts from ``picture``, named after it, in ``folder`` (None = ``films_folder``); its path.

    It has one clip without words yet, and is rendered by ``model`` ("" = the usual one).
    Raises BadInput for anything but a sound picture, DiskFull, StudioError.
    """
    look_at(picture, thread_stops)
    path = free_path(folder or films_folder(), picture.stem)
    path.mkdir(parents=True)
    try:
        image = MediaStore(path).add(picture, thread_stops)
        board = with_fields(_new_board(path.stem, model), {"reference_image": image})
        Project.create(path, board)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)  # it was made just now and is not whole
        raise
    return path


def new_film_from_video(video: Path, folder: Path | None = None) -> Path:
    """A project that goes on from the end of ``video``, named after it, in ``folder`` (None = ``films_folder``).

    Returns its path. Raises BadInput for anything but a sound video that is long enough, DiskFull, StudioError.
    """
    from svi_studio.project.film.start_videos import read_start_video  # noqa: PLC0415 - only when it is wanted

    board = _new_board()
    read_start_video(board.profile_to_show.num_video_frames, video, thread_stops)
    path = free_path(folder or films_folder(), video.stem)
    path.mkdir(parents=True)
    try:
        names = MediaStore(path).add(video), add_last_frame(path, video, thread_stops)
        Project.create(path, go_on_from_video(with_fields(board, {"title": path.stem}), "c1", *names))
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)  # it was made just now and is not whole
        raise
    return path


def new_film_about(subject: str, folder: Path | None = None, seed: int = 0, model: str = "") -> Path:
    """A project for a story about ``subject`` in ``folder`` (None = ``films_folder``); its path.

    It starts from a picture that comes with the program when one fits ``subject`` and ``model`` ("" = the usual one);
    ``seed`` chooses what ``subject`` leaves open. Raises BadInput without a subject, DiskFull or StudioError.
    """
    from svi_studio.storyline.vocabulary.starting_pictures import starting_picture  # noqa: PLC0415 - only when it is wanted

    brief = story_brief(subject=subject)
    board = _new_board(_titled(brief.subject), model)
    picture = starting_picture(brief.subject, known_words_of(find_model(board.model)), seed)
    path = free_path(folder or films_folder(), board.title)
    path.mkdir(parents=True)
    try:
        image = MediaStore(path).add(picture, thread_stops) if picture is not None else None
        Project.create(path, with_fields(board, {"reference_image": image}))
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return path


def _new_board(title: str = "", model: str = "") -> Storyboard:
    return Storyboard(title=title, family="film", model=model or NEW_FILM_MODEL, clips=(Clip(id="c1"),))


def _titled(subject: str) -> str:
    """The subject as a title: ``a red boat, at sea`` becomes ``A red boat, at sea``."""
    flat = " ".join(subject.split())
    return (flat[:1].upper() + flat[1:])[:80]


def new_film_from_example(name: str, folder: Path | None = None) -> Path:
    """A project from the example called ``name``; its path. Raises BadInput without one, DiskFull or StudioError."""
    source = resource_path("storyboards", f"{name}.json")
    if name not in dict(examples()):
        raise BadInput(f"There is no example called '{name[:60]}': choose one of the list.")
    folder = folder or films_folder()
    title = open_film(source).storyboard.title
    path = free_path(folder, title or name)
    folder.mkdir(parents=True, exist_ok=True)
    open_film(source, project=path).make_project()
    return path


def examples() -> tuple[tuple[str, str], ...]:
    """The examples that come with the program: name and title."""
    files = sorted(resource_path("storyboards").glob("*.json"))
    return tuple((file.stem, _title(file)) for file in files)


def free_path(folder: Path, name: str, suffix: str = SUFFIX) -> Path:
    """A path called like ``name`` with ``suffix`` that is not there yet: with a number behind it when it is."""
    plain = plain_name(name)
    names = (plain if number == 1 else f"{plain} {number}" for number in count(1))
    return next(path for path in (folder / f"{each}{suffix}" for each in names) if not path.exists())


def _title(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8")).get("title") or file.stem)
    except (OSError, ValueError) as error:
        raise StudioError(f"The example {file.name} cannot be read: install the program again.") from error
