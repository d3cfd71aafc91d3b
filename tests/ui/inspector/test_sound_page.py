"""The page of a chosen sound: what it says, and what its fields change."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.errors import BadProject
from svi_studio.domain.film.decibels import decibels
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.sound_page import SoundPage
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import tone
from tests.ui.inspector.conftest import show_inspector

SOUND = InputKind.SOUND


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """A sound of two seconds, called after its file; a name with marks that would hide others."""
    opened = open_new_film(tmp_path, storyboard(3))
    opened.sound_import.bring_in([tone(tmp_path / "My\u202evoice.wav", 2.0, level=0.5)])
    qtbot.waitUntil(lambda: not opened.sound_import.is_busy)
    yield opened
    opened.close()


@pytest.fixture
def page(qtbot: QtBot, film: OpenFilm) -> SoundPage:
    panel: InspectorPanel = show_inspector(qtbot, film)
    film.pieces.choose(SOUND, 0)
    found = panel.piece_pages[SOUND]
    assert isinstance(found, SoundPage) and found.isVisible()
    return found


def piece(film: OpenFilm) -> Piece:
    return film.pieces.pieces(SOUND)[0]


def test_it_says_what_the_sound_is(page: SoundPage) -> None:
    assert page.title.text() == "My\ufffdvoice"
    assert page.facts.text() == "2.0 s, under the film from 00:00:00:00 to 00:00:02:00"
    assert page.loudness.text().startswith("Heard at −")
    assert not page.problem.isVisible() and not page.muted.isVisible()


def test_a_part_of_a_file_says_which(page: SoundPage, film: OpenFilm) -> None:
    film.commands.tracks.trim(SOUND, 0, 6, 12)
    assert page.facts.text().splitlines()[1] == "From 0.5 s on, of 2.0 s in the file"


def test_its_fields_change_the_piece_and_follow_it(page: SoundPage, film: OpenFilm) -> None:
    page.level.edited.emit(-12.0)
    page.fade_in.edited.emit(0.5)
    page.fade_out.edited.emit(1.0)
    assert decibels(piece(film).gain) == pytest.approx(-12.0)
    assert (piece(film).fade_in, piece(film).fade_out) == (6, 12)
    for _ in range(3):
        film.document.undo_stack.undo()
    assert (page.level.value, page.fade_in.value, page.fade_out.value) == (0.0, 0.0, 0.0)


def test_its_buttons_do_what_they_say(page: SoundPage, film: OpenFilm, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.bring, Qt.MouseButton.LeftButton)
    assert page.loudness.text() == "Heard at −23.0 LUFS"
    qtbot.mouseClick(page.mute, Qt.MouseButton.LeftButton)
    assert page.muted.isVisible() and film.document.storyboard.tracks[0].muted
    assert not page.split.isEnabled()
    film.playhead.set_frame(10)
    qtbot.mouseClick(page.split, Qt.MouseButton.LeftButton)
    assert len(film.pieces.pieces(SOUND)) == 2
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert len(film.pieces.pieces(SOUND)) == 1


def test_every_field_and_button_has_a_name(page: SoundPage) -> None:
    for control in (page.level, page.fade_in, page.fade_out):
        assert control.accessibleName()
    for button in (page.bring, page.split, page.fill, page.folder, page.remove, page.mute):
        assert button.text()


def test_a_film_that_can_only_be_read_lets_nothing_be_changed(page: SoundPage, film: OpenFilm) -> None:
    film.document.read_only_reason = "This film can only be read."
    page.show_state()
    assert not any(box.isEnabled() for box in (page.bring, page.fill, page.remove, page.mute))
    assert page.level.isReadOnly()


def test_a_film_that_plays_measures_nothing_anew_at_every_frame(
    page: SoundPage, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[object] = []
    monkeypatch.setattr(film.commands.sounds, "loudness", lambda: measured.append(1))
    film.playhead.set_frame(5)
    assert page.split.isEnabled() and not measured


def test_a_file_outside_of_the_film_is_told_and_not_shown(
    page: SoundPage, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outside(_file: str) -> Path:
        raise BadProject("It lies outside of the film's folder.")

    monkeypatch.setattr(film.document, "file", outside)
    told: list[str] = []
    film.document.refused.connect(told.append)
    page.folder.click()
    assert told == ["It lies outside of the film's folder."]
