"""Loudness, fades and clips for all of the sound, as steps of undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.decibels import SILENT_DB, decibels, gain_of, level_words
from svi_studio.domain.film.track import InputKind, Piece
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import tone

SOUND = InputKind.SOUND


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips and ten seconds of a sine at half of full scale, which is chosen."""
    opened = open_new_film(tmp_path, storyboard(3))
    opened.sound_import.bring_in([tone(tmp_path / "Tone.wav", 10.0, level=0.5, hertz=1000)])
    qtbot.waitUntil(lambda: not opened.sound_import.is_busy and opened.states.facts is not None)
    opened.pieces.choose(SOUND, 0)
    yield opened
    opened.close()


def piece(film: OpenFilm) -> Piece:
    return film.pieces.pieces(SOUND)[0]


def test_a_piece_is_brought_to_minus_23_lufs(film: OpenFilm) -> None:
    before = film.commands.sounds.loudness()
    assert before == pytest.approx(-6.0, abs=0.2)  # a sine of 1 kHz at -6 dB in both channels, after BS.1770
    assert film.commands.sounds.bring_to(-23.0)
    assert film.commands.sounds.loudness() == pytest.approx(-23.0, abs=0.05)
    film.document.undo_stack.undo()
    assert piece(film).gain == 1


def test_a_run_of_steps_of_loudness_is_one_step_of_undo(film: OpenFilm) -> None:
    steps = film.document.undo_stack.count()
    for _ in range(3):
        film.commands.sounds.louder(-1.0)
    assert film.document.undo_stack.count() == steps + 1
    assert decibels(piece(film).gain) == pytest.approx(-3.0)


def test_fades_are_kept_within_the_piece(film: OpenFilm) -> None:
    film.commands.sounds.set_fades(5, 10**6)
    assert piece(film).fade_in + piece(film).fade_out <= piece(film).length


def test_silence_cannot_be_measured_and_says_so(film: OpenFilm, tmp_path: Path, qtbot: QtBot) -> None:
    told: list[str] = []
    noted: list[str] = []
    film.document.refused.connect(told.append)
    film.sound_import.noted.connect(noted.append)
    film.sound_import.bring_in([tone(tmp_path / "Silent.wav", 2.0, level=0.0)])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    assert not film.commands.sounds.bring_to(-23.0, place=1)
    assert told == ["This sound is too silent to be measured: set its loudness."]
    assert noted == ["“Silent”: It is silent."]


def test_as_many_clips_as_the_sound_is_long_is_one_step(film: OpenFilm) -> None:
    told: list[str] = []
    film.document.refused.connect(told.append)
    assert film.commands.sounds.frames_beyond_film() > 0
    assert film.commands.sounds.fill_with_clips()
    assert film.playhead.time.frames == piece(film).stop
    assert not film.commands.sounds.frames_beyond_film()
    film.document.undo_stack.undo()
    assert len(film.document.storyboard.clips) == 3
    film.document.undo_stack.redo()
    assert not film.commands.sounds.fill_with_clips()
    assert told == ["The film is as long as its sound already."]


def test_muting_is_of_the_film_and_makes_no_take_stale(film: OpenFilm) -> None:
    film.states.settle()
    before = [film.states.plan_hash(clip.id) for clip in film.document.storyboard.clips]
    film.commands.sounds.toggle_mute()
    film.commands.sounds.set_level(-6.0)
    film.commands.sounds.set_fades(4, 4)
    film.states.settle()
    assert [film.states.plan_hash(clip.id) for clip in film.document.storyboard.clips] == before
    assert not film.sounds.is_heard
    assert not film.sounds.mix().read(0, 48_000).any()


@pytest.mark.parametrize(("level", "words"), [(0.0, "0 dB"), (3.0, "+3.0 dB"), (-6.5, "−6.5 dB"), (SILENT_DB, "−∞ dB")])
def test_levels_are_written_as_people_read_them(level: float, words: str) -> None:
    assert level_words(gain_of(level)) == words
