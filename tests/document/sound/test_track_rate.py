"""A speech under a film stays where it is in seconds when the film's model or family has another frame rate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.track import InputKind, Piece, Track
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import tone

SOUND = InputKind.SOUND


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips of svi-mini, 12 frames a second, and five seconds of sound from the second on."""
    opened = open_new_film(tmp_path, storyboard(3))
    qtbot.waitUntil(lambda: opened.states.facts is not None)
    opened.sound_import.bring_in([tone(tmp_path / "Tone.wav", 5.0)])
    qtbot.waitUntil(lambda: not opened.sound_import.is_busy and not opened.states.is_reading)
    opened.commands.tracks.move(SOUND, 0, 24)
    yield opened
    opened.close()


def sound(film: OpenFilm) -> Track:
    return track_of(film.document.storyboard, SOUND)


def lies(film: OpenFilm) -> tuple[float, float]:
    """From when to when the sound lies under the film, in seconds."""
    (piece,) = sound(film).pieces
    return piece.start / film.playhead.fps, piece.stop / film.playhead.fps


def take_model(qtbot: QtBot, film: OpenFilm, name: str, fps: float) -> None:
    film.commands.film.change("Choose a model", model=name)
    qtbot.waitUntil(lambda: not film.states.is_reading and film.playhead.fps == fps)


def test_a_track_remembers_the_rate_at_which_it_was_laid(film: OpenFilm) -> None:
    assert (sound(film).fps, lies(film)) == (12, (2, 7))


def test_another_model_leaves_the_sound_where_it_is(qtbot: QtBot, film: OpenFilm) -> None:
    steps = film.document.undo_stack.count()
    take_model(qtbot, film, "svi-theatre", 24)
    assert (sound(film).fps, sound(film).pieces[0].start, lies(film)) == (24, 48, (2, 7))
    assert film.document.undo_stack.count() == steps + 1


def test_undo_and_redo_leave_it_there_too(qtbot: QtBot, film: OpenFilm) -> None:
    before = film.document.storyboard
    take_model(qtbot, film, "svi-theatre", 24)
    film.document.undo_stack.undo()
    qtbot.waitUntil(lambda: not film.states.is_reading and film.playhead.fps == 12)
    assert film.document.storyboard == before
    film.document.undo_stack.redo()
    qtbot.waitUntil(lambda: not film.states.is_reading and film.playhead.fps == 24)
    assert lies(film) == (2, 7)


def test_an_edit_before_the_model_is_read_counts_as_it_was_meant(qtbot: QtBot, film: OpenFilm) -> None:
    film.commands.film.change("Choose a model", model="svi-theatre")
    film.commands.tracks.move(SOUND, 0, 36)  # the window still shows twelve frames a second
    qtbot.waitUntil(lambda: not film.states.is_reading and film.playhead.fps == 24)
    assert lies(film) == (3, 8)


def test_a_film_from_before_is_left_as_it_is_until_its_rate_changes(qtbot: QtBot, tmp_path: Path) -> None:
    old = Track(kind=SOUND, pieces=(Piece(file="media/gone.wav", start=24, length=60),))
    film = open_new_film(tmp_path, storyboard(3, tracks=(old,)))
    qtbot.waitUntil(lambda: film.states.facts is not None)
    assert sound(film) == old
    take_model(qtbot, film, "svi-theatre", 24)
    assert (sound(film).fps, lies(film)) == (24, (2, 7))
    film.close()
