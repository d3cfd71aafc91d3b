"""Files that a film has lost are found again."""

import os
import shutil
from pathlib import Path

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.editing.film_files import relinked
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.pictures.credit import Credit
from svi_studio.project.media.media_store import MediaStore
from svi_studio.project.media.relink import find_relink, missing_media
from tests.builders.storyboards import film


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "film.svi"
    folder.mkdir()
    return folder


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def story(reference: str = "a.png", **of_clips: str) -> Storyboard:
    board = edits.change_film(film(3), reference_image=reference)
    for clip_id, image in of_clips.items():
        board = edits.change_clip(board, clip_id, image=image)
    return board


def missing(project: Path, board: Storyboard) -> dict[str, tuple[int, ...]]:
    return {file.path: file.clips for file in missing_media(project, board)}


def test_a_whole_film_misses_nothing(project: Path) -> None:
    write(project / "a.png", b"a")
    assert missing_media(project, story()) == ()


def test_what_is_missing_is_told_with_the_clips_that_name_it(project: Path) -> None:
    board = edits.change_film(story(c2="b.png", c3="b.png"), loras=(LoraUse(file="l.safetensors"),))
    assert missing(project, board) == {"a.png": (), "b.png": (1, 2), "l.safetensors": ()}


def test_a_folder_in_the_place_of_a_picture_is_missing(project: Path) -> None:
    (project / "a.png").mkdir()
    assert missing(project, story()) == {"a.png": ()}


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_out_of_the_project_counts_as_missing(project: Path, tmp_path: Path) -> None:
    (project / "a.png").symlink_to(write(tmp_path / "elsewhere.png", b"a"))
    assert missing(project, story()) == {"a.png": ()}


def test_a_file_brought_into_the_project_is_found_by_its_content(project: Path, tmp_path: Path) -> None:
    original = write(tmp_path / "pictures" / "holiday.png", b"the picture")
    board = story(MediaStore(project).add(original))
    shutil.rmtree(project / "media")
    write(tmp_path / "pictures" / "other.png", b"another")
    renamed = original.rename(tmp_path / "pictures" / "Sommer 2026.PNG")
    assert find_relink(tmp_path / "pictures", missing_media(project, board)) == {board.reference_image: renamed}


def test_bringing_a_found_file_in_again_makes_the_film_whole(project: Path, tmp_path: Path) -> None:
    original = write(tmp_path / "pictures" / "holiday.png", b"the picture")
    board = story(MediaStore(project).add(original))
    shutil.rmtree(project / "media")
    (found,) = find_relink(tmp_path, missing_media(project, board)).values()
    MediaStore(project).add(found)
    assert missing_media(project, board) == ()


def test_any_other_file_is_found_by_its_name(project: Path, tmp_path: Path) -> None:
    moved = write(tmp_path / "x" / "y" / "A.PNG", b"a")
    assert find_relink(tmp_path / "x", missing_media(project, story())) == {"a.png": moved}


def test_what_is_not_found_is_left_out(project: Path, tmp_path: Path) -> None:
    write(tmp_path / "x" / "a.jpg", b"a")
    assert find_relink(tmp_path / "x", missing_media(project, story())) == {}


def test_a_folder_that_is_not_there_holds_nothing(project: Path, tmp_path: Path) -> None:
    assert find_relink(tmp_path / "gone", missing_media(project, story())) == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_a_search_waits_for_no_pipe(project: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    os.mkfifo(tmp_path / "x" / "a.png")
    os.mkfifo(tmp_path / "x" / "b.png")
    board = story("media/" + "a" * 64 + ".png", c2="b.png")
    assert find_relink(tmp_path / "x", missing_media(project, board)) == {}


def test_a_search_gives_up_in_a_folder_of_everything(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.project.media.relink.MOST_FILES", 3)
    for name in ("0.png", "1.png", "2.png", "a.png"):
        write(tmp_path / "x" / name, b"a")
    assert find_relink(tmp_path / "x", missing_media(project, story())) == {}


def test_a_relinked_film_names_the_new_files_everywhere() -> None:
    board = edits.change_film(story(c2="a.png", c3="b.png"), loras=(LoraUse(file="l.safetensors", weight=0.5),))
    new = relinked(board, {"a.png": "media/a.png", "l.safetensors": "media/l.safetensors"})
    assert (new.reference_image, [clip.image for clip in new.clips]) == ("media/a.png", [None, "media/a.png", "b.png"])
    assert new.loras == (LoraUse(file="media/l.safetensors", weight=0.5),)


def test_the_credit_of_a_picture_goes_where_the_picture_goes() -> None:
    board = edits.change_film(story(), credits=(Credit(picture="a.png", author="Ann"),))
    assert relinked(board, {"a.png": "media/a.png"}).credits == (Credit(picture="media/a.png", author="Ann"),)
