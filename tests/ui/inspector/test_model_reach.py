"""What the inspector says of pictures and words that the film's model cannot make anything of."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_clips
from svi_studio.domain.story.advice import AdviceKind
from svi_studio.ui.inspector import InspectorPanel
from tests.builders.open_films import theatre_picture
from tests.photographs import photograph_file

WARNING = "The bundled model draws only its paper theatre; your picture would fall apart."


def test_a_photograph_is_warned_of_at_the_picture_until_another_one_is_chosen(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    film.commands.pictures.set_reference(photograph_file(tmp_path / "me.png"))
    notes = (panel.film_page.picture.strange, panel.clip_page.start.picture.strange)
    qtbot.waitUntil(lambda: [note.words.text() for note in notes] == [WARNING, WARNING], timeout=20_000)
    film.commands.pictures.set_reference(theatre_picture(tmp_path / "boat.png"))
    qtbot.waitUntil(lambda: all(note.isHidden() for note in notes), timeout=20_000)


def test_the_ways_on_are_buttons_at_the_warning(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    film.commands.pictures.set_reference(photograph_file(tmp_path / "me.png"))
    note = panel.film_page.picture.strange
    qtbot.waitUntil(lambda: note.words.text() == WARNING, timeout=20_000)
    with qtbot.waitSignal(panel.ready_made_wanted) as asked:
        note.ready_made.click()
    asked.args[0](theatre_picture(tmp_path / "boat.png"))
    qtbot.waitUntil(note.isHidden, timeout=20_000)
    with qtbot.waitSignal(panel.models_wanted):
        note.model.click()


def test_words_that_the_model_does_not_know_are_marked_and_named(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel
) -> None:
    part = panel.clip_page.prompt
    film.document.edit("words", lambda board: change_clips(board, ["c1"], prompt="A dog jumps in Paris."))
    qtbot.waitUntil(lambda: list(part.marks.places) == [(2, 5), (15, 20)], timeout=20_000)
    marked = [each.cursor.selectedText() for each in part.prompt.box.extraSelections()]
    assert marked == ["dog", "Paris"]
    assert part.marks.said_at(3) == 'The bundled model does not know "dog".' and part.marks.said_at(8) == ""
    part.show_advice()
    advice = next(each for each in part.advice.shown if each.kind is AdviceKind.UNKNOWN_WORDS)
    assert advice.text == 'The bundled model does not know "dog" and "Paris".'
    film.document.edit("words", lambda board: change_clips(board, ["c1"], prompt="The cat jumps."))
    assert not part.prompt.box.extraSelections()


def test_signs_that_qt_counts_twice_do_not_shift_the_marks(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    part = panel.clip_page.prompt
    film.document.edit("words", lambda board: change_clips(board, ["c1"], prompt="🎉🎉 A dog jumps."))
    qtbot.waitUntil(lambda: bool(part.marks.places), timeout=20_000)
    assert [each.cursor.selectedText() for each in part.prompt.box.extraSelections()] == ["dog"]
    assert part.marks.said_at(8) and not part.marks.said_at(5)
