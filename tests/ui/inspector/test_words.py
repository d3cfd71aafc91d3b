import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_clips, change_film, delete_clips
from svi_studio.domain.editing.take_edits import lock_clips
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.limited_text import LimitedText


@pytest.fixture
def prompt(panel: InspectorPanel) -> LimitedText:
    """The prompt editor, ready to type at the end."""
    words = panel.clip_page.prompt.prompt
    words.box.setFocus()
    words.box.moveCursor(words.box.textCursor().MoveOperation.End)
    return words


def prompt_of(film: OpenFilm, clip_id: str) -> str:
    clip = film.document.clip(clip_id)
    assert clip is not None
    return clip.prompt


def paste(box: TextBox, text: str) -> None:
    box.selectAll()
    QGuiApplication.clipboard().setText(text)
    box.paste()


def test_typing_is_one_step_of_undo(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    before = prompt_of(film, "c1")
    qtbot.keyClicks(prompt.box, " Slowly")
    assert prompt_of(film, "c1") == f"{before} Slowly"
    assert film.document.undo_stack.count() == 1
    assert film.document.undo_stack.undoText() == "Change the prompt"


def test_undo_while_typing_keeps_focus_and_cursor(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    before = prompt.box.text()
    prompt.box.moveCursor(prompt.box.textCursor().MoveOperation.Start)
    qtbot.keyClicks(prompt.box, "Now ")
    film.document.undo_stack.undo()
    assert prompt.box.text() == before
    assert prompt.box.textCursor().position() == 0
    assert QApplication.focusWidget() is prompt.box
    qtbot.keyClicks(prompt.box, "So ")
    assert prompt_of(film, "c1") == f"So {before}"


def test_leaving_the_box_ends_the_step(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, prompt: LimitedText
) -> None:
    qtbot.keyClicks(prompt.box, " a")
    panel.clip_page.seed.box.setFocus()
    prompt.box.setFocus()
    qtbot.keyClicks(prompt.box, "b")
    assert film.document.undo_stack.count() == 2


def test_emoji_and_right_to_left_words_go_through_unchanged(film: OpenFilm, prompt: LimitedText) -> None:
    words = "הבובה מנופפת 👋🏽 and smiles\n第二行"
    paste(prompt.box, words)
    assert prompt_of(film, "c1") == words


def test_far_too_many_words_stay_in_the_box_and_out_of_the_film(film: OpenFilm, prompt: LimitedText) -> None:
    before = prompt_of(film, "c1")
    paste(prompt.box, "a" * 100_000)
    assert prompt_of(film, "c1") == before
    assert len(prompt.box.text()) == 100_000
    assert prompt.is_refused


def test_words_that_were_too_many_wait_for_their_clip(film: OpenFilm, prompt: LimitedText) -> None:
    paste(prompt.box, "a" * 100_000)
    film.selection.select(["c2"])
    assert prompt.box.text() == prompt_of(film, "c2")
    film.selection.select(["c1"])
    assert len(prompt.box.text()) == 100_000


def test_shortened_words_are_used(film: OpenFilm, prompt: LimitedText) -> None:
    paste(prompt.box, "a" * 100_000)
    paste(prompt.box, "short")
    assert prompt_of(film, "c1") == "short"
    assert not prompt.is_refused


def test_one_can_go_back_to_the_last_words(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    before = prompt.box.text()
    paste(prompt.box, "a" * 100_000)
    qtbot.mouseClick(prompt.back, Qt.MouseButton.LeftButton)
    assert prompt.box.text() == before == prompt_of(film, "c1")


def test_the_counter_speaks_only_near_the_limit(film: OpenFilm, prompt: LimitedText) -> None:
    paste(prompt.box, "a" * 8_000)
    assert not prompt.counter.isVisible()
    paste(prompt.box, "a" * 9_500)
    assert prompt.counter.isVisible()


def test_several_clips_get_the_same_words_in_one_step(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    film.selection.select(["c1", "c2", "c3"])
    assert prompt.box.text() == ""
    assert "Different texts" in prompt.box.placeholderText()
    qtbot.keyClicks(prompt.box, "All")
    assert [clip.prompt for clip in film.document.storyboard.clips] == ["All"] * 3
    assert film.document.undo_stack.count() == 1


def test_several_clips_show_what_they_share(film: OpenFilm, prompt: LimitedText) -> None:
    film.document.edit("x", lambda board: change_clips(board, ["c1", "c2"], prompt="Same"))
    film.selection.select(["c1", "c2"])
    assert prompt.box.text() == "Same"


def test_a_locked_clip_shows_its_words_but_takes_none(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    before = prompt.box.text()
    film.document.edit("x", lambda board: lock_clips(board, ["c1"], True))
    qtbot.keyClicks(prompt.box, "more")
    assert prompt.box.isReadOnly()
    assert prompt.box.text() == before
    assert prompt.box.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_locked_clips_among_others_stay_as_they_are(qtbot: QtBot, film: OpenFilm, prompt: LimitedText) -> None:
    film.document.edit("x", lambda board: lock_clips(board, ["c2"], True))
    kept = prompt_of(film, "c2")
    film.selection.select(["c1", "c2", "c3"])
    qtbot.keyClicks(prompt.box, "New")
    assert [clip.prompt for clip in film.document.storyboard.clips] == ["New", kept, "New"]


def test_a_clip_that_goes_takes_its_page_along(film: OpenFilm, panel: InspectorPanel, prompt: LimitedText) -> None:
    film.document.edit("x", lambda board: delete_clips(board, ["c1"]))
    assert prompt.box.text() == prompt_of(film, "c2")
    film.document.edit("x", lambda board: delete_clips(board, ["c2", "c3"]))
    assert panel.pages.currentIndex() == 1
    film.document.undo_stack.undo()


def test_what_the_model_reads_tells_the_parts_apart(film: OpenFilm, panel: InspectorPanel) -> None:
    film.document.edit("x", lambda board: change_film(board, character="A red puppet", style="paper theatre"))
    film.document.edit("x", lambda board: change_clips(board, ["c1"], prompt="waves"))
    effective = panel.clip_page.prompt.effective
    assert effective.text() == "A red puppet waves paper theatre"
    assert [part.kind for part in effective.parts] == ["character", "prompt", "style"]


def test_an_empty_clip_of_one_scene_borrows_the_first_words(film: OpenFilm, panel: InspectorPanel) -> None:
    film.document.edit("x", lambda board: change_film(board, family="shot"))
    film.document.edit("x", lambda board: change_clips(board, ["c2"], prompt=""))
    film.selection.select(["c2"])
    assert panel.clip_page.prompt.effective.text() == prompt_of(film, "c1")


def test_an_empty_prompt_says_what_to_write_in_its_box_and_nowhere_else(film: OpenFilm, panel: InspectorPanel) -> None:
    film.document.edit("x", lambda board: change_clips(board, ["c1"], prompt=""))
    part = panel.clip_page.prompt
    part.show_advice()
    assert part.prompt.box.placeholderText().startswith("Describe")
    assert not part.advice.shown


def test_advice_comes_for_two_actions_and_goes_again(film: OpenFilm, panel: InspectorPanel) -> None:
    part = panel.clip_page.prompt
    film.document.edit(
        "x", lambda board: change_clips(board, ["c1"], prompt="The puppet jumps and then it runs and then it sleeps.")
    )
    part.show_advice()
    assert part.advice.shown
    film.document.undo_stack.undo()
    part.show_advice()
    assert not part.advice.shown


def test_an_emptied_negative_prompt_is_inherited_again(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    negative = panel.clip_page.more.negative
    paste(negative.box, "blurred")
    assert film.document.storyboard.clips[0].negative_prompt == "blurred"
    negative.box.selectAll()
    qtbot.keyClick(negative.box, Qt.Key.Key_Delete)
    assert film.document.storyboard.clips[0].negative_prompt is None
