import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.missing_media import MissingMedia
from svi_studio.domain.editing.track_edits import lay_piece, track_of
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.jobs.threads.background import Background
from tests.builders.film_parts import PICTURE, make_project, numbered
from tests.builders.odd_sounds import clicks, wav
from tests.domain.short_edits import set_cut


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "film", numbered(2))


@pytest.fixture
def missing(qtbot: QtBot, folder: Path) -> Iterator[MissingMedia]:
    work = Background("test work")
    document = FilmDocument(folder, numbered(2))
    missing = MissingMedia(document, work)
    missing.setParent(document)
    yield missing
    document.undo_stack.clear()
    work.close()


def lose(qtbot: QtBot, missing: MissingMedia, folder: Path) -> Path:
    """Take the film's picture away, wait until that is noticed; returns where it is now."""
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    moved = Path(shutil.move(folder / PICTURE, elsewhere / PICTURE))
    with qtbot.waitSignal(missing.changed):
        missing.look()
    return moved


def test_a_picture_that_is_gone_is_noticed(qtbot: QtBot, missing: MissingMedia, folder: Path) -> None:
    lose(qtbot, missing, folder)
    assert missing.names == (PICTURE,)


def test_a_picture_that_an_edit_names_is_looked_for(qtbot: QtBot, missing: MissingMedia) -> None:
    document = missing.parent()
    assert isinstance(document, FilmDocument)
    with qtbot.waitSignal(missing.changed):
        document.edit("Cut", lambda board: set_cut(board, "c2", True, "gone.png"))
    assert missing.names == ("gone.png",)


def test_the_missing_picture_is_brought_back(qtbot: QtBot, missing: MissingMedia, folder: Path) -> None:
    moved = lose(qtbot, missing, folder)
    with qtbot.waitSignal(missing.changed):
        missing.relink(PICTURE, moved)
    document = missing.parent()
    assert isinstance(document, FilmDocument)
    reference = document.storyboard.reference_image
    assert reference is not None
    assert (folder / reference).is_file()
    assert missing.names == ()


def test_missing_pictures_are_found_in_a_folder(qtbot: QtBot, missing: MissingMedia, folder: Path) -> None:
    moved = lose(qtbot, missing, folder)
    with qtbot.waitSignal(missing.found_again):
        missing.relink_from(moved.parent.parent / "elsewhere")


def test_a_folder_without_them_says_so(qtbot: QtBot, missing: MissingMedia, folder: Path, tmp_path: Path) -> None:
    lose(qtbot, missing, folder)
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(missing.refused) as told:
        missing.relink_from(tmp_path / "empty")
    assert told.args[0].startswith("None of the missing files")


def test_a_file_that_is_no_picture_is_refused(
    qtbot: QtBot, missing: MissingMedia, folder: Path, tmp_path: Path
) -> None:
    lose(qtbot, missing, folder)
    wrong = tmp_path / "wrong.png"
    wrong.write_text("no picture")
    with qtbot.waitSignal(missing.refused):
        missing.relink(PICTURE, wrong)
    assert missing.names == (PICTURE,)


def test_undo_takes_the_new_name_back(qtbot: QtBot, missing: MissingMedia, folder: Path, tmp_path: Path) -> None:
    lose(qtbot, missing, folder)
    other = tmp_path / "other.png"
    Image.new("RGB", (80, 48), "green").save(other)
    with qtbot.waitSignal(missing.found_again):
        missing.relink(PICTURE, other)
    document = missing.parent()
    assert isinstance(document, FilmDocument)
    document.undo_stack.undo()
    assert document.storyboard == numbered(2)


def test_a_sound_is_missed_and_only_a_sound_takes_its_place(
    qtbot: QtBot, missing: MissingMedia, folder: Path, tmp_path: Path
) -> None:
    document = missing.parent()
    assert isinstance(document, FilmDocument)
    piece = Piece(file="speech.wav", start=0, length=10)
    with qtbot.waitSignal(missing.changed):
        document.edit("Add sound", lambda board: lay_piece(board, InputKind.SOUND, piece))
    assert missing.names == ("speech.wav",)
    assert (missing.is_sound("speech.wav"), missing.is_picture("speech.wav")) == (True, False)

    (tmp_path / "words.wav").write_text("no sound")
    with qtbot.waitSignal(missing.refused):
        missing.relink("speech.wav", tmp_path / "words.wav")
    found = wav(tmp_path / "elsewhere.wav", clicks(1, ()))
    with qtbot.waitSignal(missing.changed):
        missing.relink("speech.wav", found)
    (laid,) = track_of(document.storyboard, InputKind.SOUND).pieces
    assert (folder / laid.file).read_bytes() == found.read_bytes()
