"""Clips from the sound of an open film: offered in words, made as one step, never where they cannot be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.speech.sound_split import SplitChoice, apply, beats_of, offer, with_tap
from svi_studio.document.speech.strip_shape import strip_heights
from svi_studio.document.subtitles.subtitle_files import SubtitleFiles
from svi_studio.domain.film.sound_marks import MarkKind
from svi_studio.domain.film.track import InputKind
from svi_studio.media.sounds import marks_of_file
from tests.builders.heard import RATE
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import write_wav
from tests.builders.speaking_film import LENGTHS, PAUSES, STARTS


def starts(film: OpenFilm) -> list[float]:
    return [clip.start / film.playhead.fps for clip in film.playhead.time.clips]


def test_every_sentence_begins_a_clip_to_the_frame_and_undo_takes_it_back(film: OpenFilm) -> None:
    before = film.document.storyboard
    found = offer(film, SplitChoice(shortest=0.2))
    assert found.split is not None
    assert "begin anew at 2 places" in found.sentence
    assert apply(film, SplitChoice(shortest=0.2))
    for end, start in zip((STARTS[0] + LENGTHS[0], STARTS[1] + LENGTHS[1]), STARTS[1:], strict=True):
        assert any(end - 0.05 <= each <= start + 0.05 for each in starts(film))
    assert film.playhead.time.seconds == pytest.approx(sum(LENGTHS) + sum(PAUSES) + 1.0, abs=0.1)
    assert film.document.undo_stack.undoText() == "Clips from sound"
    film.document.undo_stack.undo()
    assert film.document.storyboard == before


def test_a_longer_pause_makes_fewer_places(film: OpenFilm) -> None:
    assert len(offer(film, SplitChoice()).places) == 2
    assert len(offer(film, SplitChoice(pause=0.6)).places) == 1
    assert len(offer(film, SplitChoice(kind=MarkKind.SILENCE, pause=0.6)).places) == 1


def test_the_words_that_lie_on_a_sentence_go_onto_its_card(film: OpenFilm, qtbot: QtBot) -> None:
    files = SubtitleFiles(film)
    assert files.lay("One.\nTwo.\nThree.")
    assert [cue.text for cue in film.document.storyboard.subtitles] == ["One.", "Two.", "Three."]
    assert [round(cue.start / 1000, 1) for cue in film.document.storyboard.subtitles] == STARTS
    assert apply(film, SplitChoice(shortest=0.2))
    assert [clip.note for clip in film.document.storyboard.clips if clip.note] == ["One.", "Two.", "Three."]
    assert files.close()


def test_a_script_without_words_is_refused_in_a_sentence(film: OpenFilm) -> None:
    files, said = SubtitleFiles(film), []
    files.failed.connect(said.append)
    assert not files.lay(" \n ")
    assert "no words" in said[0]


def test_a_film_without_sound_is_told_so(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_new_film(tmp_path / "silent", storyboard(2)) if (tmp_path / "silent").mkdir() is None else None
    assert film is not None
    assert "no sound" in offer(film, SplitChoice()).sentence
    assert not apply(film, SplitChoice())
    film.close()


def test_taps_become_a_beat_and_one_far_away_begins_anew(film: OpenFilm) -> None:
    choice = SplitChoice(kind=MarkKind.BEAT, every=1, shortest=0.1)
    for second in (1.0, 1.5, 2.0, 2.5):
        choice = with_tap(choice, second)
    marks = film.sound_finder.marks()
    assert beats_of(marks, choice).bpm == pytest.approx(120)
    assert beats_of(marks, replace(choice, tempo=1)).bpm == pytest.approx(240)
    assert beats_of(marks, replace(choice, tempo=-1)).bpm == pytest.approx(60)
    shifted = beats_of(marks, replace(choice, between=True)).places
    assert abs(shifted[0] - round(0.25 * RATE)) <= 2
    assert len(offer(film, replace(choice, every=2)).places) < len(offer(film, choice).places)
    assert with_tap(choice, 60.0).taps == (60.0,)


def test_a_sound_is_looked_through_once_and_known_at_the_next_opening(
    film: OpenFilm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svi_studio.document.sound.sound_finder import SoundFinder

    def never(*_: object) -> None:
        raise AssertionError("looked through again")

    monkeypatch.setattr(marks_of_file, "find_marks", never)
    again = SoundFinder(film.document, film.playhead)
    again.want()
    qtbot.waitUntil(lambda: not again.is_busy)
    assert again.marks() == film.sound_finder.marks()
    assert again.problem == ""
    assert again.close()


def test_a_sound_that_is_gone_is_one_sentence(film: OpenFilm, qtbot: QtBot) -> None:
    from svi_studio.document.sound.sound_finder import SoundFinder

    for file in (film.path / "media").iterdir():
        file.unlink()
    for kept in Path(str(film.path.parent / "sounds")).glob("*.json"):
        kept.unlink()
    again = SoundFinder(film.document, film.playhead)
    again.want()
    qtbot.waitUntil(lambda: bool(again.problem))
    assert "not found" in again.problem or "no " in again.problem
    assert again.close()


def test_the_strip_shows_where_the_sound_is(film: OpenFilm) -> None:
    marks = film.sound_finder.marks()
    heights = strip_heights(film, marks.stop, 200)
    loud = [place * marks.stop / 200 / RATE for place, height in enumerate(heights) if height > 0.05]
    assert all(
        any(start - 0.1 <= each <= start + length + 0.1 for start, length in zip(STARTS, LENGTHS, strict=True))
        for each in loud
    )
    assert len(loud) > 100
    assert strip_heights(film, 0, 10) == [0.0] * 10


def test_the_strip_of_a_sound_that_is_shorter_than_it_is_wide_shows_everything_in_its_place(
    film: OpenFilm, qtbot: QtBot, tmp_path: Path
) -> None:
    film.commands.tracks.remove(InputKind.SOUND, 0)
    loud_then_silent = np.concatenate([0.5 * np.sin(np.arange(RATE) / 7), np.zeros(RATE)])
    film.sound_import.bring_in([write_wav(tmp_path / "short.wav", loud_then_silent)], 0)
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    heights = strip_heights(film, 2 * RATE, 1000)
    assert min(heights[:495]) > 0.5 and max(heights[505:]) == 0
