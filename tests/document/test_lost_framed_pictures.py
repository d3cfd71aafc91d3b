"""A take that was made from a part of a picture is still the clip's when the picture is lost."""

from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from svi_studio.project.film.project_file import Project
from tests.builders.film_parts import commit_take
from tests.builders.open_films import storyboard
from tests.builders.opened import open_film_here


def test_it_is_done_and_not_out_of_date(tmp_path: Path, qtbot: QtBot) -> None:
    Image.new("RGB", (100, 180), "red").save(tmp_path / "tall.png")
    project = Project.create(tmp_path / "Tall.svi", storyboard(1))
    image = project.media.add(tmp_path / "tall.png")
    project.save(project.storyboard.model_copy(update={"reference_image": image}))
    (job,) = prepare(open_film(project.folder)).plan.jobs
    assert job.crop is not None
    commit_take(project.folder, job)
    (project.folder / image).unlink()
    film = open_film_here(project.folder)
    try:
        qtbot.waitUntil(lambda: film.states.facts is not None and film.takes.get(job.take_hash) is not None)
        qtbot.waitUntil(lambda: film.states.state("c1").state is ClipState.DONE)
    finally:
        film.close()
