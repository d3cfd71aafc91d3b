"""Whose pictures a film was made from is said where the film is: beside it and in it."""

import json
import shutil
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.cli.conftest import Run, render_shared, write_storyboard

CREDIT = {"picture": "start.png", "title": "A slope", "author": "Ann", "licence": "CC BY 4.0"}
LINE = '"A slope" by Ann (CC BY 4.0)'


@pytest.fixture(scope="module")
def rendered(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a film of two clips and its project; read only."""
    folder = tmp_path_factory.mktemp("rendered")
    write_storyboard(folder / "story.json", clips=2, schema_version=4, credits=[CREDIT])
    render_shared(folder, models, "film.mp4")
    return folder


@pytest.fixture
def film(own_world: None, rendered: Path) -> Path:
    """The project of that film in the present folder."""
    shutil.copytree(rendered / "film.svi", "film.svi")
    return Path("film.svi")


def test_a_rendered_film_has_its_credits_beside_it(rendered: Path) -> None:
    assert (rendered / "film.credits.txt").read_text() == f"Pictures in Three steps\n\n{LINE}\n"


def test_a_project_keeps_the_credits_of_its_copied_pictures(rendered: Path) -> None:
    board = json.loads((rendered / "film.svi" / "project.json").read_text())["storyboard"]
    assert [credit["picture"] for credit in board["credits"]] == [board["reference_image"]]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.mov"])
def test_a_film_says_in_itself_whose_pictures_it_has(run: Run, film: Path, name: str) -> None:
    ended = run("export", film, "-o", name)
    assert (ended.code, "film.credits.txt" in ended.out) == (0, True)
    with av.open(name) as opened:
        tags = {key.lower(): value for key, value in opened.metadata.items()}
    assert tags["copyright"] == LINE


def test_a_folder_of_pictures_says_it_too(run: Run, film: Path) -> None:
    assert run("export", film, "-o", "frames", "--format", "png").code == 0
    assert json.loads(Path("frames/film.json").read_text())["copyright"] == LINE
    assert LINE in Path("frames.credits.txt").read_text()


def test_a_contact_sheet_has_its_credits_at_the_foot(run: Run, film: Path) -> None:
    assert run("export", film, "-o", "sheet.png", "--format", "contact-sheet").code == 0
    assert LINE in Path("sheet.credits.txt").read_text()
    with_credits = Image.open("sheet.png").height
    project = json.loads((film / "project.json").read_text())
    project["storyboard"]["credits"] = []
    (film / "project.json").write_text(json.dumps(project))
    assert run("export", film, "-o", "plain.png", "--format", "contact-sheet").code == 0
    assert Image.open("plain.png").height < with_credits
    assert not Path("plain.credits.txt").exists()
