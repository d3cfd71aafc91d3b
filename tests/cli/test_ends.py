"""What clips end on and go on from, set and listed on the command line."""

import json
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.project.film.project_file import Project
from tests.builders.videos import counted, write_video
from tests.cli.conftest import Run, write_storyboard


@pytest.fixture
def film(run: Run) -> Path:
    assert run("new", "film", "--family", "film", "--prompt", "a dog runs", "--clips", "3").code == 0
    return Path("film.svi")


@pytest.fixture
def picture() -> Path:
    Image.new("RGB", (160, 96), "teal").save("end.png")
    return Path("end.png")


def test_a_new_film_goes_on_from_a_video(run: Run) -> None:
    write_video(Path("walk.mp4"), counted(20))
    ended = run("new", "film", "--family", "film", "--prompt", "on", "--continue", "walk.mp4")
    board = Project.open(Path("film.svi")).storyboard
    assert (ended.code, "start picture" in ended.out) == (0, False)
    assert board.start_video(0) is not None
    assert board.reference_image is not None and board.reference_image.endswith(".png")


def test_a_video_that_is_too_short_makes_no_film(run: Run) -> None:
    write_video(Path("blink.mp4"), counted(5))
    ended = run("new", "film", "--prompt", "on", "--continue", "blink.mp4")
    assert (ended.code, "has 5 frames" in ended.err) == (2, True)
    assert not Path("film.svi/project.json").exists()


def test_a_clip_ends_on_a_picture_and_is_listed(run: Run, film: Path, picture: Path) -> None:
    ended = run("ends", film, "--clip", 2, "--picture", picture)
    image = Project.open(film).storyboard.clips[1].end_image
    assert (ended.code, ended.out) == (0, f"Clip 2 ends on {image}\n")
    assert [json.loads(line) for line in run("ends", film, "--json").out.splitlines()] == [
        {"clip": 2, "video": None, "picture": image}
    ]
    assert run("ends", film, "--clip", 2, "--no-picture").out == "No clip ends on a picture or goes on from a video.\n"


def test_a_picture_of_another_shape_is_told_of_and_framed_otherwise(run: Run, film: Path) -> None:
    Image.new("RGB", (640, 320), "teal").save("wide.png")
    said = run("ends", film, "--clip", 2, "--picture", "wide.png").out
    size = said.rpartition(" at ")[2].rstrip(")\n")
    assert said.endswith(f"(640 x 320, of which the middle is filmed, at {size})\n")
    fact = f"clip 2 ends on a picture of 640 x 320, of which the middle is filmed, at {size}"
    assert fact in run("doctor", film).out
    framed = run("ends", film, "--clip", 2, "--crop", "0,0,400,300").out
    assert "of which your frame is filmed" in framed
    assert fact not in run("doctor", film).out
    assert "squeezed to" in run("ends", film, "--clip", 2, "--picture", "wide.png", "--fit", "squeeze").out
    board = Project.open(film).storyboard
    assert [(each.fit, each.crop) for each in board.framings] == [("squeeze", None)]


def test_a_render_tells_that_a_clip_ends_on_the_middle_of_its_picture(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=1)
    Image.new("RGB", (96, 32), "teal").save("wide.png")
    run("ends", board, "--clip", 1, "--picture", "wide.png")
    ended = run("render", board, "-o", "film.mkv")
    assert ended.code == 0
    assert "Clip 1 ends on a picture of 96 x 32, of which the middle is filmed, at " in ended.err
    assert 'choose another part of it, in the window or with "ends --clip N --crop".' in ended.err


def test_a_clip_in_the_middle_goes_on_from_a_video_and_lets_go_of_it(run: Run, film: Path) -> None:
    write_video(Path("walk.mp4"), counted(20))
    run("ends", film, "--clip", 3, "--video", "walk.mp4")
    clip = Project.open(film).storyboard.clips[2]
    assert clip.cut and clip.start_video is not None and clip.image is not None
    run("ends", film, "--clip", 3, "--no-video")
    assert Project.open(film).storyboard.clips[2].start_video is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--clip", 2), "Say what to do with the clip"),
        (("--picture", "end.png"), "Say which clip is meant"),
        (("--clip", 9, "--picture", "end.png"), "There is no clip 9: the film has 3."),
        (("--clip", 1, "--picture", "gone.png"), "gone.png"),
        (("--clip", 1, "--video", "end.png"), "is a picture"),
        (("--clip", 1, "--crop", "0,0,9,9"), "There is no end picture to frame"),
        (("--clip", 1, "--picture", "end.png", "--crop", "0,0,999,9"), "does not lie in the picture"),
        (("--clip", 1, "--picture", "end.png", "--crop", "0,0,9,9", "--fit", "squeeze"), "either cropped or squeezed"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    run: Run, film: Path, picture: Path, words: tuple[object, ...], said: str
) -> None:
    before = Project.open(film).storyboard
    ended = run("ends", film, *words)
    assert (ended.code, said in ended.err) == (2, True), ended.err
    assert Project.open(film).storyboard == before


def test_a_family_that_cannot_be_told_an_end_says_so(run: Run, picture: Path) -> None:
    run("new", "film", "--family", "dance", "--prompt", "a dog runs", "--clips", "1")
    ended = run("ends", "film.svi", "--clip", 1, "--picture", picture)
    assert (ended.code, ended.err) == (
        2,
        "The family Dance cannot be told how a clip ends: choose another family for that.\n",
    )
