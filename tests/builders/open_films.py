"""Small real films on the disk for tests of panels."""

from pathlib import Path
from typing import Any

from PIL import Image

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import POSTER
from svi_studio.domain.takes.take_hash import take_hash
from svi_studio.project.film.project_file import Project
from svi_studio.resource_files import resource_path
from tests.builders.opened import open_film_here


def picture(path: Path, size: tuple[int, int] = (80, 48), colour: str = "teal") -> Path:
    """A PNG of one colour."""
    Image.new("RGB", size, colour).save(path)
    return path


def theatre_picture(path: Path, name: str = "boat-red-beach.png") -> Path:
    """A copy of one of the pictures that the bundled model can draw."""
    path.write_bytes(resource_path("storyline", "pictures", name).read_bytes())
    return path


def storyboard(count: int = 3, **settings: Any) -> Storyboard:
    """A film of ``count`` clips in one chain, made with the bundled model."""
    clips = tuple(
        Clip(id=f"c{number}", prompt=f"The red puppet dances {number} times.") for number in range(1, count + 1)
    )
    return Storyboard(**({"title": "Puppet", "family": "film", "clips": clips} | settings))


def open_new_film(folder: Path, board: Storyboard, *, with_picture: bool = True) -> OpenFilm:
    """Make a project in ``folder`` and open it as the window does."""
    project = Project.create(folder / "Puppet.svi", board)
    if with_picture:
        image = project.media.add(theatre_picture(folder / "start.png"))
        project.save(board.model_copy(update={"reference_image": image}))
    return open_film_here(project.folder)


def put_take(film: OpenFilm, job: ClipJob, created_at: str = "2026-01-02T03:04:05+00:00", **changes: Any) -> str:
    """Put a take of ``job`` with other fields into the film's folder; returns its hash. The film is told."""
    other = job.model_copy(update={name: value for name, value in changes.items() if name in ClipJob.model_fields})
    other = other.model_copy(update={"take_hash": take_hash(other)})
    store = Project.open(film.path).takes
    draft = store.begin(other)
    picture(draft.path(POSTER))
    draft.commit(
        Take(
            take_hash=other.take_hash,
            parent_hash=other.parent_hash,
            job=other,
            num_frames=other.num_frames,
            continuity=changes.get("continuity", {}),
            created_at=created_at,
            render_seconds=2.0,
        )
    )
    film.takes.add(other.take_hash)
    return other.take_hash
