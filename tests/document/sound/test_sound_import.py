"""Sounds on their way into a film: laid as one step, bad ones named, given up, kept ready, heard after an undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.sound.sound_import import ImportState
from svi_studio.domain.film.track import InputKind, Piece
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.opened import open_film_here
from tests.builders.sounds import tone

SOUND = InputKind.SOUND


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    opened = open_new_film(tmp_path, storyboard(3))
    yield opened
    opened.close()


def pieces(film: OpenFilm) -> tuple[Piece, ...]:
    return film.pieces.pieces(SOUND)


def test_files_lie_one_after_the_other_as_one_step(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    film.sound_import.bring_in([tone(tmp_path / "One.wav", 1.0), tone(tmp_path / "Two.wav", 0.5)])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    fps = film.playhead.fps
    first, second = pieces(film)
    assert (first.name, first.start, first.length) == ("One", 0, round(fps))
    assert (second.name, second.start, second.length) == ("Two", round(fps), -(-fps // 2))
    assert film.document.undo_stack.undoText() == "Add 2 sounds"
    film.document.undo_stack.undo()
    assert not pieces(film)
    film.document.undo_stack.redo()
    assert film.sounds.is_heard


def test_more_sounds_go_behind_those_that_are_there(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("a", "b"):
        film.sound_import.bring_in([tone(tmp_path / f"{name}.wav", 1.0)])
        qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    assert pieces(film)[1].start == pieces(film)[0].stop


def test_a_bad_file_is_named_and_keeps_no_other_from_coming(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    told: list[str] = []
    film.document.refused.connect(told.append)
    bad = tmp_path / "notes.wav"
    bad.write_text("This is no sound at all.")
    film.sound_import.bring_in([bad, tone(tmp_path / "good.wav", 0.5), tmp_path / "gone.mp3"])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    assert [piece.name for piece in pieces(film)] == ["good"]
    assert len(told) == 2
    assert "notes.wav" in told[0] and "gone.mp3" in told[1]
    media = [path.suffix for path in (film.path / "media").iterdir()]
    assert media.count(".wav") == 1


def test_nothing_is_laid_of_what_was_given_up(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    states: list[ImportState] = []
    film.sound_import.state_changed.connect(states.append)
    film.sound_import.bring_in([tone(tmp_path / f"{number}.wav", 2.0) for number in range(3)])
    film.sound_import.cancel()
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    assert not pieces(film)
    assert not film.document.undo_stack.canUndo()
    assert (states[0].name, states[-1].name) == ("0.wav", "")


def test_a_film_that_can_only_be_read_says_so(film: OpenFilm, tmp_path: Path) -> None:
    told: list[str] = []
    film.document.refused.connect(told.append)
    film.document.read_only_reason = "This film can only be read."
    film.sound_import.bring_in([tone(tmp_path / "a.wav", 0.5)])
    assert told == ["This film can only be read."]
    assert not film.sound_import.is_busy


def test_a_film_that_is_opened_again_has_its_sound_ready(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    film.sound_import.bring_in([tone(tmp_path / "a.wav", 1.0)], -5)
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    assert (pieces(film)[0].start, pieces(film)[0].offset) == (0, 5)
    path = film.path
    film.close()
    again = open_film_here(path)
    try:
        file = pieces(again)[0].file
        qtbot.waitUntil(lambda: again.sounds.ready(file) is not None)
        assert again.sounds.frames(file) == round(again.playhead.fps)
    finally:
        again.close()


def test_a_sound_that_is_missing_is_told_and_found_again(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    path = tone(tmp_path / "a.wav", 1.0)
    film.sound_import.bring_in([path])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    file = pieces(film)[0].file
    film.close()
    (film.path / file).unlink()
    again = open_film_here(film.path)
    try:
        qtbot.waitUntil(lambda: (again.sounds.reading(file) or pytest.fail("not asked")).problem != "")
        assert again.sounds.mix().read(0, 100).any() == False  # noqa: E712 - of numpy
        qtbot.waitUntil(lambda: bool(again.missing.files))
        again.missing.relink(file, path)
        qtbot.waitUntil(lambda: again.sounds.ready(file) is not None)
    finally:
        again.close()
