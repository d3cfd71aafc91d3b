"""A bare storyboard becomes a project that is whole in itself."""

import sys
from pathlib import Path

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import Project
from tests.builders.storyboards import film
from tests.domain import short_edits


def project_of(tmp_path: Path, board: Storyboard) -> Project:
    """The project that is made of ``board`` and the files that are in ``tmp_path``."""
    (tmp_path / "story.json").write_text(board.model_dump_json())
    source = open_film(tmp_path / "story.json")
    source.make_project()
    return Project.open(source.project)


def write(tmp_path: Path, *names: str) -> None:
    for name in names:
        (tmp_path / name).write_bytes(name.encode())


def test_pictures_and_loras_are_brought_in(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.png", "l.safetensors")
    board = edits.change_film(short_edits.set_cut(film(3), "c2", True, "b.png"), loras=(LoraUse(file="l.safetensors"),))
    project = project_of(tmp_path, board)
    made = project.storyboard
    files = [made.reference_image or "", made.clips[1].image or "", made.loras[0].file]
    assert [(project.folder / name).read_bytes() for name in files] == [b"a.png", b"b.png", b"l.safetensors"]


def test_the_files_of_tracks_are_brought_in_and_may_be_missing_where_they_have_no_effect(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "a.wav")
    pieces = (Piece(file="a.wav", start=0, length=9), Piece(file="gone.wav", start=9, length=9))
    project = project_of(tmp_path, edits.change_film(film(1), tracks=(Track(kind=InputKind.SOUND, pieces=pieces),)))
    there, gone = (piece.file for piece in project.storyboard.tracks[0].pieces)
    assert ((project.folder / there).read_bytes(), gone) == (b"a.wav", "gone.wav")


def test_an_anchor_in_mid_chain_is_brought_in(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.png")
    project = project_of(tmp_path, edits.change_clip(film(3, "shot"), "c2", image="b.png"))
    assert (project.folder / (project.storyboard.clips[1].image or "")).read_bytes() == b"b.png"


def test_a_picture_without_effect_is_brought_in_too(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.png")
    project = project_of(tmp_path, edits.change_clip(film(3), "c2", image="b.png"))
    assert (project.folder / (project.storyboard.clips[1].image or "")).read_bytes() == b"b.png"


def test_a_picture_without_effect_that_is_also_the_films_is_brought_in_for_both(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.png")
    board = edits.change_clip(edits.change_clip(film(3), "c1", image="b.png"), "c2", image="a.png")
    made = project_of(tmp_path, board)
    assert made.storyboard.reference_image == made.storyboard.clips[1].image
    assert (made.folder / (made.storyboard.reference_image or "")).read_bytes() == b"a.png"
    assert not open_film(tmp_path / "story.json").differs_from_project()


def test_a_reference_picture_of_no_effect_is_left_where_it_is(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.png")
    made = project_of(tmp_path, edits.change_clip(film(3), "c1", image="b.png"))
    assert made.storyboard.reference_image == "a.png" and not (made.folder / "a.png").exists()


def test_a_picture_without_effect_may_be_missing(tmp_path: Path) -> None:
    write(tmp_path, "a.png")
    project = project_of(tmp_path, edits.change_clip(film(3), "c2", image="gone.png"))
    assert project.storyboard.clips[1].image == "gone.png"


def test_a_missing_picture_makes_no_project(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        project_of(tmp_path, film(1))
    assert not (tmp_path / "story.svi" / "project.json").exists()


def test_a_project_that_is_there_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.png")
    project_of(tmp_path, film(1)).save(film(2))
    (tmp_path / "story.json").write_text(film(5).model_dump_json())
    open_film(tmp_path / "story.json").make_project()
    assert Project.open(tmp_path / "story.svi").storyboard == film(2)


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link")
@pytest.mark.parametrize("part", ["takes", "media"])
def test_the_project_of_a_bare_storyboard_lies_in_one_folder(tmp_path: Path, part: str) -> None:
    (tmp_path / "story.json").write_text(film(2).model_dump_json())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "story.svi").mkdir()
    (tmp_path / "story.svi" / part).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StudioError, match=f"{part} is a link to another place"):
        open_film(tmp_path / "story.json")
