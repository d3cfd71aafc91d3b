from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_clips, change_film
from svi_studio.domain.editing.take_edits import lock_clips
from svi_studio.domain.film.storyboard import Clip
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.inspector import InspectorPanel
from tests.builders.open_films import picture
from tests.patience import felt_time


def clip(film: OpenFilm, clip_id: str = "c1") -> Clip:
    found = film.document.clip(clip_id)
    assert found is not None
    return found


def type_in(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_the_inherited_seed_is_shown_and_where_it_comes_from(film: OpenFilm, panel: InspectorPanel) -> None:
    film.selection.select(["c3"])
    assert panel.clip_page.seed.box.lineEdit().placeholderText() == "84, from the film"


def test_an_own_seed_can_be_given_and_let_go(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    part = panel.clip_page.seed
    type_in(qtbot, part.box, "7")
    assert clip(film).seed == 7
    part.field.reset.emit()
    assert clip(film).seed is None


def test_rolling_gives_each_clip_another_seed(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    film.selection.select(["c1", "c2"])
    qtbot.mouseClick(panel.clip_page.seed.roll, Qt.MouseButton.LeftButton)
    assert clip(film, "c1").seed != clip(film, "c2").seed
    assert film.document.undo_stack.count() == 1


def test_the_seed_in_force_is_copied(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    film.selection.select(["c2"])
    qtbot.mouseClick(panel.clip_page.seed.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "42"


def test_different_seeds_are_various_and_one_number_replaces_them(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel
) -> None:
    film.document.edit("x", lambda board: change_clips(board, ["c1"], seed=5))
    film.selection.select(["c1", "c2"])
    box = panel.clip_page.seed.box
    assert (box.lineEdit().text(), box.lineEdit().placeholderText()) == ("", "various")
    type_in(qtbot, box, "9")
    assert (clip(film, "c1").seed, clip(film, "c2").seed) == (9, 9)


def test_steps_of_a_clip_inherit_from_the_film_before_the_model(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel
) -> None:
    steps = panel.clip_page.more.steps
    qtbot.waitUntil(lambda: steps.lineEdit().placeholderText() == "20, from the model")
    film.document.edit("x", lambda board: change_film(board, num_inference_steps=30))
    assert steps.lineEdit().placeholderText() == "30, from the film"


def test_a_run_of_steps_with_the_arrows_is_one_undo(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    steps = panel.clip_page.more.steps
    qtbot.waitUntil(lambda: steps.lineEdit().placeholderText() == "20, from the model")
    for _ in range(3):
        steps.stepBy(1)
    assert clip(film).num_inference_steps == 23
    assert film.document.undo_stack.count() == 1
    film.document.undo_stack.undo()
    assert steps.value is None


def test_the_first_clip_can_only_start_anew(panel: InspectorPanel) -> None:
    start = panel.clip_page.start
    assert start.start.yes.isChecked()
    assert not start.start.isEnabled()


def test_a_clip_can_start_anew_or_follow_on(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    film.selection.select(["c2"])
    start = panel.clip_page.start
    assert start.start.no.isChecked()
    qtbot.mouseClick(start.start.yes, Qt.MouseButton.LeftButton)
    assert clip(film, "c2").cut
    qtbot.mouseClick(start.start.no, Qt.MouseButton.LeftButton)
    assert not clip(film, "c2").cut


def test_a_following_clip_has_no_picture_in_a_family_without_an_anchor(film: OpenFilm, panel: InspectorPanel) -> None:
    film.selection.select(["c2"])
    field = panel.clip_page.start.picture_field
    assert not field.isVisibleTo(panel.clip_page)
    film.document.edit("x", lambda board: change_film(board, family="shot"))
    assert field.isVisibleTo(panel.clip_page)


def test_a_dropped_picture_becomes_the_start_picture(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    part = panel.clip_page.start
    part.picture.well.dropped.emit(picture(tmp_path / "red.png", colour="red"))
    qtbot.waitUntil(lambda: clip(film).image is not None)
    qtbot.waitUntil(lambda: part.picture.words.text() == "80 × 48, the size of the film")


def test_a_picture_that_comes_late_goes_to_the_clip_it_was_meant_for(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    panel.clip_page.start.picture.well.dropped.emit(picture(tmp_path / "red.png", colour="red"))
    film.selection.select(["c3"])
    qtbot.waitUntil(lambda: clip(film, "c1").image is not None)
    assert clip(film, "c3").image is None


def test_a_file_that_is_no_picture_is_refused_with_a_reason(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    wrong = tmp_path / "notes.png"
    wrong.write_text("no picture")
    with qtbot.waitSignal(film.document.refused) as told:
        panel.clip_page.start.picture.well.dropped.emit(wrong)
    assert "not a PNG" in told.args[0]
    assert clip(film).image is None


def test_removing_the_own_picture_shows_the_films_again(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    part = panel.clip_page.start.picture
    part.well.dropped.emit(picture(tmp_path / "red.png", colour="red"))
    qtbot.waitUntil(lambda: part.remove.isVisibleTo(panel.clip_page))
    qtbot.mouseClick(part.remove, Qt.MouseButton.LeftButton)
    assert clip(film).image is None
    qtbot.waitUntil(lambda: part.words.text() == "The film's start picture")


def test_a_missing_picture_says_so_and_everything_else_works(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel
) -> None:
    film.document.edit("x", lambda board: change_clips(board, ["c1"], image="media/gone.png"))
    qtbot.waitUntil(lambda: "was not found" in panel.clip_page.start.picture.words.text())
    qtbot.keyClicks(panel.clip_page.prompt.prompt.box, "Hi ")
    assert "Hi " in clip(film).prompt


def test_locking_closes_everything_but_the_lock(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    page = panel.clip_page
    qtbot.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert clip(film).locked
    assert page.seed.box.isReadOnly()
    assert not page.seed.roll.isEnabled()
    assert not page.start.picture.choose.isEnabled()
    qtbot.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert not clip(film).locked
    assert not page.seed.box.isReadOnly()


def test_some_locked_clips_are_told(film: OpenFilm, panel: InspectorPanel) -> None:
    film.document.edit("x", lambda board: lock_clips(board, ["c2"], True))
    film.selection.select(["c1", "c2"])
    assert panel.clip_page.notice.words.text() == "Locked clips (1 of 2) stay as they are."


def test_rows_are_ready_for_thousands_of_clips(film: OpenFilm, panel: InspectorPanel) -> None:

    from svi_studio.domain.editing.edits import insert_prompts

    film.document.edit("x", lambda board: insert_prompts(board, 3, [f"Clip {n}" for n in range(2000)]))
    film.selection.select_all()
    with felt_time() as seconds:
        panel.clip_page.seed.box.edited.emit(3)
        assert seconds() < 2.0
    assert {each.seed for each in film.document.storyboard.clips} == {3}
