"""The picture of a new project on the command line: framed as asked, and what to know of it said."""

from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.pictures.framing import Framing
from svi_studio.project.film.project_file import Project
from tests.cli.conftest import Run


@pytest.fixture
def picture(own_world: None) -> Path:
    Image.new("RGB", (400, 300), "red").save("tall.png")
    return Path("tall.png")


def framing() -> Framing:
    board = Project.open(Path("a.svi")).storyboard
    assert board.reference_image is not None
    return board.framing(board.reference_image)


def test_the_middle_of_a_picture_is_filmed_without_a_word(run: Run, picture: Path) -> None:
    assert run("new", "a.svi", "--image", picture, "--clips", 1).code == 0
    assert framing().is_default


def test_a_part_of_a_picture_or_all_of_it_is_asked_for(run: Run, picture: Path) -> None:
    assert run("new", "a.svi", "--image", picture, "--clips", 1, "--crop", "10,20,200,120").code == 0
    assert framing().crop == (10, 20, 200, 120)
    assert run("new", "b.svi", "--image", picture, "--clips", 1, "--fit", "squeeze").code == 0
    assert [each.fit for each in Project.open(Path("b.svi")).storyboard.framings] == ["squeeze"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--image", "tall.png", "--crop", "10,20,400,120"], "does not lie in the picture, which has 400 x 300 pixels"),
        (["--image", "tall.png", "--crop", "10,20,0,120"], "does not lie in the picture"),
        (["--image", "tall.png", "--crop", "all"], "write it like 100,40,640,360"),
        (["--image", "tall.png", "--crop", "1,2,30,40", "--fit", "squeeze"], "either cropped or squeezed"),
        (["--fit", "crop"], "no picture to frame"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_makes_no_project(
    run: Run, picture: Path, options: list[str], sentence: str
) -> None:
    ended = run("new", "a.svi", *options)
    assert ended.code == 2
    assert sentence in ended.err
    assert not Path("a.svi").exists()


def test_what_there_is_to_know_of_a_picture_is_said(run: Run, own_world: None) -> None:
    frames = [Image.new("RGB", (80, 48), colour) for colour in ("red", "blue")]
    frames[0].save("moving.gif", save_all=True, append_images=frames[1:])
    ended = run("new", "a.svi", "--image", "moving.gif", "--clips", 1)
    assert ended.code == 0
    assert "It holds several pictures; the first one is used." in ended.out
