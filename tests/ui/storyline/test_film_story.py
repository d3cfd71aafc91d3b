"""The storyline helper in a film's window: prompts from files and to files, sounds, and the credits of pictures."""

import wave
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.story.prompt_files import file_to_write
from svi_studio.domain.editing.credit_edits import add_credit
from svi_studio.domain.pictures.credit import Credit
from svi_studio.storyline.text_formats import PROMPT_FORMATS
from svi_studio.ui.inspector.film_credits import FilmCredits
from svi_studio.ui.storyline.film_story import FilmStory
from svi_studio.ui.window.film_window import FilmWindow
from tests.ui.storyline.conftest import WAIT


def trigger(window: FilmWindow, action_id: str) -> None:
    action = window.actions_table.action(action_id)
    assert action.isEnabled()
    action.trigger()


def choose(path: Path) -> None:
    """Take ``path`` in the file dialog that is open."""
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_imported_prompts_lie_on_the_desk_first(
    qtbot: QtBot, film_window: FilmWindow, story: FilmStory, tmp_path: Path
) -> None:
    file = tmp_path / "prompts.py"
    file.write_text('prompts = ["The boat sails.", "The boat sinks."]')
    trigger(film_window, "film.import_prompts")
    choose(file)
    qtbot.waitUntil(lambda: not story.desk.is_empty, timeout=WAIT)
    assert len(film_window.film.document.storyboard.clips) == 3
    assert story.open().banners.shown["notice"].text == "2 prompts read as a Python list."
    story.desk.accept()
    prompts = [clip.prompt for clip in film_window.film.document.storyboard.clips]
    assert prompts[3:] == ["The boat sails.", "The boat sinks."]


def test_a_file_without_prompts_costs_a_sentence(qtbot: QtBot, film_window: FilmWindow, tmp_path: Path) -> None:
    (tmp_path / "nothing.txt").write_text("\n\n")
    trigger(film_window, "film.import_prompts")
    choose(tmp_path / "nothing.txt")
    qtbot.waitUntil(lambda: "refused" in film_window.banners.shown, timeout=WAIT)
    assert "no prompt" in film_window.banners.shown["refused"].text


def test_exported_prompts_are_in_the_file(qtbot: QtBot, film_window: FilmWindow, tmp_path: Path) -> None:
    trigger(film_window, "film.export_prompts")
    choose(tmp_path / "out.csv")
    qtbot.waitUntil((tmp_path / "out.csv").exists, timeout=WAIT)
    assert "The red puppet dances 2 times." in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize(
    ("name", "chosen", "expected"),
    [
        ("a.txt", "numbered", ("a.txt", "numbered")),
        ("a.csv", "lines", ("a.csv", "csv")),
        ("a", "fountain", ("a.fountain", "fountain")),
        ("a.b", "lines", ("a.b.txt", "lines")),
    ],
)
def test_the_ending_that_was_typed_counts_before_the_chosen_format(
    name: str, chosen: str, expected: tuple[str, str]
) -> None:
    assert file_to_write(Path(name), PROMPT_FORMATS[chosen]) == (Path(expected[0]), expected[1])


def test_a_story_becomes_as_long_as_a_sound(
    qtbot: QtBot, film_window: FilmWindow, story: FilmStory, tmp_path: Path
) -> None:
    with wave.open(str(tmp_path / "song.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 20))
    qtbot.waitUntil(lambda: film_window.film.states.facts is not None, timeout=WAIT)
    window = story.open()
    window.brief.sound_wanted.emit(tmp_path / "song.wav")
    qtbot.waitUntil(window.brief.length.isVisible, timeout=WAIT)
    clips = int(window.brief.clips.value or 0)
    assert (clips - 1) * story.desk.seconds_per_clip < 20 <= (clips + 1) * story.desk.seconds_per_clip


def test_a_file_that_is_no_sound_is_refused_in_a_sentence(qtbot: QtBot, story: FilmStory, tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"no sound at all")
    window = story.open()
    window.brief.sound_wanted.emit(tmp_path / "song.wav")
    qtbot.waitUntil(lambda: "notice" in window.banners.shown, timeout=WAIT)
    assert "song.wav" in window.banners.shown["notice"].text


def test_the_window_asks_for_other_words_of_the_selected_clip(film_window: FilmWindow, story: FilmStory) -> None:
    film_window.film.selection.select(["c2"])
    trigger(film_window, "clip.rewrite")
    assert story.window is not None and story.window.rewriting.which.text() == "Clip 2 is selected."


def test_a_story_after_the_selected_clip_goes_there(film_window: FilmWindow, story: FilmStory) -> None:
    film_window.film.selection.select(["c1"])
    trigger(film_window, "clip.story_after")
    assert story.window is not None and story.window.brief.target.place == 1


def credit(film: OpenFilm) -> None:
    image = film.document.storyboard.reference_image
    assert image is not None
    found = Credit(picture=image, title="A boat", author="Ann", licence="CC BY 4.0", provider="Openverse")
    film.document.edit("credit", lambda board: add_credit(board, found))


def test_credits_of_the_film_s_pictures_can_be_read_and_copied(film_window: FilmWindow) -> None:
    part = film_window.findChild(FilmCredits)
    assert part is not None and part.isHidden()
    credit(film_window.film)
    assert not part.isHidden() and part.words.text() == '"A boat" by Ann (CC BY 4.0), Openverse'
    part.copy.click()
    assert QApplication.clipboard().text() == part.words.text()
