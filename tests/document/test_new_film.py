from pathlib import Path

import pytest
from PIL import Image

from svi_studio.document.opening.new_film import (
    examples,
    films_folder,
    free_path,
    new_film_from_example,
    new_film_from_picture,
    new_film_from_video,
)
from svi_studio.domain.errors import BadInput, DiskFull
from svi_studio.project.film.project_file import Project
from tests.builders.videos import counted, write_video


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "my cat.png"
    Image.new("RGB", (80, 48), "red").save(path)
    return path


def test_a_film_from_a_picture_is_a_whole_project(picture: Path, tmp_path: Path) -> None:
    path = new_film_from_picture(picture, tmp_path / "films")
    project = Project.open(path)
    assert (path.name, project.storyboard.title, len(project.storyboard.clips)) == ("my cat.svi", "my cat", 1)
    assert (path / str(project.storyboard.reference_image)).read_bytes() == picture.read_bytes()


def test_a_second_film_from_the_same_picture_has_a_name_of_its_own(picture: Path, tmp_path: Path) -> None:
    paths = [new_film_from_picture(picture, tmp_path) for _ in range(3)]
    assert [path.name for path in paths] == ["my cat.svi", "my cat 2.svi", "my cat 3.svi"]


def test_what_is_no_picture_makes_no_film(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.png"
    wrong.write_text("no picture")
    with pytest.raises(BadInput):
        new_film_from_picture(wrong, tmp_path / "films")
    assert not (tmp_path / "films").exists()


def test_a_film_that_cannot_be_made_leaves_nothing_behind(
    picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(Project, "create", full)
    with pytest.raises(DiskFull):
        new_film_from_picture(picture, tmp_path / "films")
    assert list((tmp_path / "films").iterdir()) == []


def test_every_example_becomes_a_film(tmp_path: Path) -> None:
    for name, title in examples():
        project = Project.open(new_film_from_example(name, tmp_path))
        assert project.storyboard.title == title
        assert all((project.folder / image).is_file() for image in project.storyboard.images())


def test_an_example_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no example"):
        new_film_from_example("../secret", tmp_path)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("a/b\\c:d", "a b c d.svi"),
        ("  . .", "Film.svi"),
        ("CON", "Film.svi"),
        ("com1.txt", "Film.svi"),
        ("a\u202eb\u0007", "ab.svi"),
        ("猫" * 100, "猫" * 26 + ".svi"),
        ("👩‍👩‍👧‍👦", "👩👩👧👦.svi"),
    ],
)
def test_every_name_becomes_one_that_a_disk_takes(tmp_path: Path, name: str, folder: str) -> None:
    path = free_path(tmp_path, name)
    path.mkdir()
    assert path.name == folder


def test_films_lie_in_the_users_videos() -> None:
    assert films_folder().name == "SVI Studio"


def test_a_film_that_goes_on_from_a_video_has_its_last_frame_as_picture(tmp_path: Path) -> None:
    video = write_video(tmp_path / "Our walk.mp4", counted(30))
    board = Project.open(new_film_from_video(video, tmp_path)).storyboard
    assert (board.title, len(board.clips), board.family) == ("Our walk", 1, "film")
    assert board.start_video(0) is not None and board.reference_image is not None
    assert (tmp_path / "Our walk.svi" / board.reference_image).is_file()


def test_a_video_that_is_too_short_leaves_no_film(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has 3 frames"):
        new_film_from_video(write_video(tmp_path / "Blink.mp4", counted(3)), tmp_path)
    assert not list(tmp_path.glob("*.svi"))
