"""How a film frames its pictures: kept, moved with the pictures, and as it was in films of earlier versions."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.editing.film_files import relinked
from svi_studio.domain.editing.framing_edits import frame_picture, with_framing
from svi_studio.domain.errors import BadProject
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.project.film.change import change_between
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.journal import JOURNAL, Entry, append_entry
from svi_studio.project.film.prepare import prepare, read_facts
from svi_studio.project.film.project_file import Project
from tests.media.pictures import profiles

OLD = Framing(picture="a.png", fit="squeeze", colours="as stored")


def board(**fields: Any) -> Storyboard:
    clips = (Clip(id="c1", prompt="a boat"), Clip(id="c2", prompt="it leaves"))
    return Storyboard(family="film", reference_image="a.png", clips=clips, **fields)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A square with a profile of its own, which a film of 80 x 48 can neither take as it is nor read as it is."""
    path = tmp_path / "a.png"
    adobe = profiles.of_primaries(profiles.ADOBE, profiles.gamma(2.2))
    Image.new("RGB", (100, 100), (107, 139, 197)).save(path, icc_profile=adobe)
    return path


def old_project(folder: Path, picture: Path) -> Path:
    """A project as version 4 wrote it, with that picture."""
    project = Project.create(folder / "old.svi", board())
    picture.rename(project.folder / "a.png")
    file = project.folder / "project.json"
    document = json.loads(file.read_text())
    del document["storyboard"]["framings"]
    document["storyboard"]["schema_version"] = 4
    file.write_text(json.dumps(document))
    return project.folder


def test_an_old_film_keeps_its_takes_and_reads_its_pictures_as_before(tmp_path: Path, picture: Path) -> None:
    film = open_film(old_project(tmp_path, picture))
    assert film.storyboard.framings == (OLD,)
    facts = read_facts(film).facts
    as_then = replace(facts, image_sizes={}, image_profiles=frozenset())  # all that version 4 knew of a picture
    plan = prepare(film).plan
    assert [job.take_hash for job in plan.jobs] == [
        job.take_hash for job in plan_film(FilmPlanner(change_film(board()), as_then)).jobs
    ]
    assert {(job.crop, job.colours) for job in plan.jobs} == {(None, "as stored")}


def test_a_new_film_crops_its_picture_and_reads_its_colours(tmp_path: Path, picture: Path) -> None:
    project = Project.create(tmp_path / "new.svi", board())
    picture.rename(project.folder / "a.png")
    new = prepare(open_film(project.folder)).plan.jobs[0]
    assert (new.crop, new.colours) == ((0, 20, 100, 80), "srgb")
    project.save(with_framing(board(), OLD))
    assert prepare(open_film(project.folder)).plan.jobs[0].take_hash != new.take_hash


def test_a_new_film_hashes_nothing_more_where_no_pixel_changes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "plain.svi", board())
    Image.new("RGB", (160, 96), "red").save(project.folder / "a.png")
    new = prepare(open_film(project.folder)).plan.jobs[0]
    project.save(with_framing(board(), OLD))
    assert prepare(open_film(project.folder)).plan.jobs[0].take_hash == new.take_hash


def test_edits_that_a_crash_left_of_an_old_film_are_of_the_old_film(tmp_path: Path, picture: Path) -> None:
    folder = old_project(tmp_path, picture)
    before = board()
    after = before.model_copy(update={"reference_image": "b.png"})
    base = Project.open(folder)._on_disk.base
    append_entry(folder / JOURNAL, Entry(base=base, number=1, change=change_between(before, after)), 0)
    opened = Project.open(folder).storyboard
    assert opened.framing("b.png") == Framing(picture="b.png", fit="squeeze", colours="as stored")


def test_a_new_picture_of_an_old_film_is_cropped_also_after_a_crash(tmp_path: Path, picture: Path) -> None:
    folder = old_project(tmp_path, picture)
    project = Project.open(folder)
    project.record(project.storyboard.model_copy(update={"reference_image": "b.png"}))
    again = Project.open(folder).storyboard
    assert again.framing("b.png").is_default
    assert again.framing("a.png") == OLD


def test_a_bare_storyboard_takes_its_framings_into_its_project(tmp_path: Path, picture: Path) -> None:
    framed = with_framing(board(), Framing(picture="a.png", crop=(0, 0, 50, 30)))
    (tmp_path / "story.json").write_text(framed.model_dump_json())
    film = open_film(tmp_path / "story.json")
    film.make_project()
    made = Project.open(film.project).storyboard
    assert made.framing(made.reference_image or "").crop == (0, 0, 50, 30)
    hashes = [job.take_hash for job in prepare(film).plan.jobs]
    assert [job.take_hash for job in prepare(open_film(film.project)).plan.jobs] == hashes


def test_framings_follow_relinked_pictures() -> None:
    framed = with_framing(board(), Framing(picture="a.png", fit="squeeze"))
    assert relinked(framed, {"a.png": "c.png"}).framing("c.png").fit == "squeeze"


def test_framing_an_old_picture_anew_leaves_its_colours() -> None:
    framed = frame_picture(with_framing(board(), OLD), Framing(picture="a.png", crop=(0, 0, 50, 30)))
    assert framed.framing("a.png") == Framing(picture="a.png", crop=(0, 0, 50, 30), colours="as stored")


def test_a_framing_at_its_default_is_not_kept() -> None:
    framed = with_framing(board(), Framing(picture="a.png", fit="squeeze"))
    assert with_framing(framed, Framing(picture="a.png")).framings == ()


@pytest.mark.parametrize(
    "framings", [[{"picture": "../a"}], [{"picture": "a", "crop": [0, 0, 0, 5]}], [{"picture": "a"}, {"picture": "a"}]]
)
def test_framings_that_cannot_be_are_refused(tmp_path: Path, framings: list[dict[str, Any]]) -> None:
    document = json.loads(board().model_dump_json()) | {"framings": framings}
    (tmp_path / "story.json").write_text(json.dumps(document))
    with pytest.raises(BadProject, match="framings"):
        open_film(tmp_path / "story.json")
