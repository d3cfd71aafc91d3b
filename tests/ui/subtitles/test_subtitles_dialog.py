"""The subtitles of a film in their dialog: read, laid, written, moved, taken away, written to a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.subtitles import Cue
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.subtitles.cue_model import FROM, TO, WORDS
from svi_studio.ui.subtitles.dialog import SubtitlesDialog
from tests.builders.speaking_film import STARTS

SRT = "1\n00:00:01,000 --> 00:00:02,000\nOne\ntwo\n\n2\n00:00:03,000 --> 00:00:02,500\nThree\n"


@pytest.fixture
def dialog(film: OpenFilm, qtbot: QtBot) -> Iterator[SubtitlesDialog]:
    made = SubtitlesDialog(film)
    qtbot.addWidget(made)
    made.show()
    yield made
    assert made.shutdown()


@pytest.fixture
def full(dialog: SubtitlesDialog, film: OpenFilm) -> SubtitlesDialog:
    cues = [Cue(start=k * 1000, stop=k * 1000 + 800, text=f"t{k}") for k in range(3)]
    film.commands.subtitles.replace("Import", cues)
    return dialog


def texts(film: OpenFilm) -> list[str]:
    return [cue.text for cue in film.document.storyboard.subtitles]


def test_a_file_is_read_and_what_was_mended_is_told(
    dialog: SubtitlesDialog, film: OpenFilm, qtbot: QtBot, tmp_path: Path
) -> None:
    assert dialog.empty.isVisible()
    (tmp_path / "film.srt").write_text(SRT)
    dialog.files.read(tmp_path / "film.srt")
    qtbot.waitUntil(lambda: bool(film.document.storyboard.subtitles))
    assert texts(film) == ["One\ntwo", "Three"]
    assert "2 subtitles were read" in dialog.said.text() and "exchanged" in dialog.said.text()
    assert dialog.table.isVisible() and not dialog.empty.isVisible()
    assert film.document.undo_stack.undoText() == "Import subtitles"


def test_the_strong_button_is_the_next_step(dialog: SubtitlesDialog, film: OpenFilm) -> None:
    buttons = (dialog.import_button, dialog.lay_button, dialog.close_button)
    assert [button.isDefault() for button in buttons] == [False, True, False], "somebody speaks in this film"
    dialog.new_button.click()
    assert [button.isDefault() for button in buttons] == [False, False, True]
    film.document.undo_stack.undo()
    film.commands.tracks.remove(InputKind.SOUND, 0)
    dialog.hide()
    dialog.show()
    assert [button.isDefault() for button in buttons] == [True, False, False]


def test_a_bad_file_is_one_sentence_and_nothing_changes(
    dialog: SubtitlesDialog, film: OpenFilm, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "film.srt").write_bytes(bytes(range(256)) * 9)
    dialog.files.read(tmp_path / "film.srt")
    qtbot.waitUntil(lambda: "no subtitles" in dialog.said.text())
    assert not film.document.storyboard.subtitles


def test_words_are_written_in_the_box_under_the_table_and_the_film_goes_there(
    full: SubtitlesDialog, film: OpenFilm, qtbot: QtBot
) -> None:
    full.table.setFocus()
    full.table.choose(1)
    assert film.playhead.frame == round(film.playhead.fps)
    assert full.words.text() == "t1"
    full.words.setFocus()
    before = film.document.undo_stack.count()
    qtbot.keyClicks(full.words, "xyz")
    assert texts(film)[1] in {"xyzt1", "t1xyz"}
    assert film.document.undo_stack.count() == before + 1


def test_times_are_written_in_their_cells_and_nonsense_changes_nothing(full: SubtitlesDialog, film: OpenFilm) -> None:
    model = full.table.model()
    assert model.setData(model.index(0, TO), "0:00.500")
    assert not model.setData(model.index(0, FROM), "soon")
    assert film.document.storyboard.subtitles[0] == Cue(start=0, stop=500, text="t0")
    assert model.setData(model.index(0, FROM), "1:00")
    assert texts(film) == ["t1", "t2", "t0"]
    assert model.data(model.index(2, FROM)) == "1:00.000"
    assert model.data(model.index(2, WORDS)) == "t0"


def test_one_is_added_at_the_playhead_and_ready_to_be_written(dialog: SubtitlesDialog, film: OpenFilm) -> None:
    film.playhead.set_frame(12)
    dialog.new_button.click()
    (cue,) = film.document.storyboard.subtitles
    assert cue.start == pytest.approx(12 * 1000 / film.playhead.fps, abs=1)
    assert dialog.words.text() == cue.text
    assert dialog.table.rows == [0]


def test_delete_takes_the_selected_ones_away(full: SubtitlesDialog, film: OpenFilm, qtbot: QtBot) -> None:
    full.table.choose(1)
    qtbot.keyClick(full.table, Qt.Key.Key_Delete)
    assert texts(film) == ["t0", "t2"]
    assert film.document.undo_stack.undoText() == "Remove subtitle"


def test_all_are_shifted(full: SubtitlesDialog, film: OpenFilm) -> None:
    full.shift.show_value(-0.5)
    full.shift_button.click()
    assert [cue.start for cue in film.document.storyboard.subtitles] == [0, 500, 1500]


def test_they_are_written_to_a_file(full: SubtitlesDialog, qtbot: QtBot, tmp_path: Path) -> None:
    full.files.write(tmp_path / "out.vtt")
    qtbot.waitUntil(lambda: "out.vtt" in full.said.text())
    assert (tmp_path / "out.vtt").read_text().startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.800\nt0\n")


def test_a_script_is_laid_on_the_speech(dialog: SubtitlesDialog, film: OpenFilm, qtbot: QtBot) -> None:
    dialog.lay_button.click()
    script = dialog._script
    assert script is not None
    script.script.setPlainText("First.\nSecond.\nThird.")
    qtbot.waitUntil(script.lay_button.isEnabled)
    assert "3 sentences of speech, 3 lines" in script.found.text()
    script.lay_button.click()
    assert [round(cue.start / 1000, 1) for cue in film.document.storyboard.subtitles] == STARTS
    assert not script.isVisible()
    assert "3 lines lie on 3 sentences" in dialog.said.text()


def test_letters_that_cannot_be_drawn_are_named_before_anything_is_exported(
    full: SubtitlesDialog, film: OpenFilm, qtbot: QtBot
) -> None:
    film.commands.subtitles.write(0, "\U00012000")  # cuneiform
    qtbot.wait(50)
    if full.warning.isVisible():
        assert "U+12000" in full.warning.text()
    film.commands.subtitles.write(0, "plain")
    qtbot.waitUntil(lambda: not full.warning.isVisible())


def test_a_film_that_can_only_be_read_shows_them_and_changes_none(full: SubtitlesDialog, film: OpenFilm) -> None:
    film.document.read_only_reason = "Another window has it."
    full.table.choose(1)
    full._follow()
    assert not any(button.isEnabled() for button in (full.import_button, full.new_button, full.remove_button))
    assert full.words.isReadOnly()
    model = full.table.model()
    assert not model.flags(model.index(0, FROM)) & Qt.ItemFlag.ItemIsEditable
