"""The window "Write a story": from a brief to cards in the film, and every way that can go wrong."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.card_row import RowKind
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, read_choice
from svi_studio.storyline.story_errors import BadReply
from svi_studio.ui.storyline.card_layout import places
from svi_studio.ui.storyline.window import REWRITE, StoryWindow
from tests.scripted_writer import ScriptedWriter
from tests.ui.storyline.conftest import WAIT, write


def rows(window: StoryWindow) -> list[tuple[RowKind, str]]:
    return [(row.kind, row.new or row.old) for row in window.panel.list.cards.rows]


def prompts(film: OpenFilm) -> list[str]:
    return [clip.prompt for clip in film.document.storyboard.clips]


def test_without_words_nothing_can_be_written(window: StoryWindow) -> None:
    assert not window.go.isEnabled()
    assert "changes only when you accept" in window.panel.empty.words.text()


def test_cards_stand_behind_the_clip_that_they_follow(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window)
    assert rows(window)[0] == (RowKind.AROUND, "The red puppet dances 3 times.")
    assert rows(window)[1] == (RowKind.NEW, "Card 1 about a red boat, seed 0.")
    assert window.panel.list.cards.rows[1].heading == "Clip 4 · new"
    assert window.panel.summary.text() == "3 cards by Script"


def test_accept_all_brings_them_into_the_film(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    write(qtbot, window)
    assert window.panel.accept.text() == "Accept all 3"
    window.panel.accept.click()
    assert len(prompts(film)) == 6
    assert "3 cards are in the film" in window.banners.shown["notice"].text


def test_undo_is_offered_right_there(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    write(qtbot, window)
    window.panel.accept.click()
    film.document.undo_stack.undo()
    assert len(prompts(film)) == 3


def test_a_click_on_its_box_leaves_a_card_out(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    write(qtbot, window)
    view = window.panel.list
    index = view.cards.index(2)
    found = places(view.cards.rows[2], view.viewport().width(), view.font(), view.film_column)
    at: QPoint = view.visualRect(index).topLeft() + found.box.center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert window.panel.accept.text() == "Accept 2 cards"
    window.panel.accept.click()
    assert [prompt[:6] for prompt in prompts(film)[3:]] == ["Card 1", "Card 3"]


def test_space_takes_the_present_card_out_and_in(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window)
    window.panel.select_card(0)
    QTest.keyClick(window.panel.list, Qt.Key.Key_Space)
    assert not window.panel.list.cards.rows[1].is_chosen
    QTest.keyClick(window.panel.list, Qt.Key.Key_Space)
    assert window.panel.list.cards.rows[1].is_chosen


def test_words_are_edited_where_they_stand(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    write(qtbot, window)
    window.panel.select_card(0)
    QTest.keyClick(window.panel.list, Qt.Key.Key_F2)
    editor = window.panel.list.findChild(QPlainTextEdit)
    assert editor is not None
    editor.setPlainText("The red boat sinks.")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert rows(window)[1] == (RowKind.NEW, "The red boat sinks.")
    window.panel.accept.click()
    assert prompts(film)[3] == "The red boat sinks."


def test_choose_none_leaves_nothing_to_accept(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window)
    window.panel.all.click()
    assert not window.panel.accept.isEnabled() and window.panel.all.text() == "Select all"


def test_discard_clears_the_desk_only(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    write(qtbot, window)
    window.panel.discard.click()
    assert rows(window) == [] and len(prompts(film)) == 3


def test_one_card_is_asked_for_again(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window)
    window.panel.select_card(1)
    with qtbot.waitSignal(window.desk.written, timeout=WAIT):
        window.panel.again.click()
    assert [words[-2:] for _, words in rows(window)[1:]] == ["0.", "1.", "0."]


def test_a_card_is_added_before_another(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window)
    window.panel.select_card(1)
    with qtbot.waitSignal(window.desk.written, timeout=WAIT):
        window.panel.between.click()
    assert len(rows(window)) == 5


def test_other_words_stand_beside_the_old_ones(qtbot: QtBot, window: StoryWindow, film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    window.show_mode(REWRITE)
    assert "1-2" in window.rewriting.which.text()
    window.rewriting.suggestions[0].click()
    with qtbot.waitSignal(window.desk.written, timeout=WAIT):
        window.go.click()
    row = window.panel.list.cards.rows[0]
    assert (row.kind, row.old) == (RowKind.CHANGED, "The red puppet dances 1 times.")
    assert [span.text for span in row.spans if span.kind == "new"] == [" More motion"]
    window.panel.accept.click()
    assert prompts(film)[0].endswith("More motion") and len(prompts(film)) == 3


def test_a_whole_film_shows_the_clips_that_would_go(qtbot: QtBot, window: StoryWindow) -> None:
    window.brief.place.show_value("whole")
    write(qtbot, window, clips=1)
    assert RowKind.GONE in [kind for kind, _ in rows(window)]


def test_cards_come_one_by_one_and_stop_stops(qtbot: QtBot, window: StoryWindow, writer: ScriptedWriter) -> None:
    writer.pause, writer.pause_after = threading.Event(), 2
    window.brief.set_words("a dog")
    window.go.click()
    qtbot.waitUntil(lambda: len(rows(window)) == 3, timeout=WAIT)
    assert window.panel.progress.isVisible() and not window.panel.accept.isEnabled() and not window.go.isEnabled()
    with qtbot.waitSignal(window.desk.service.cancelled, timeout=WAIT):
        window.panel.stop.click()
    assert "stopped early" in window.panel.summary.text() and window.panel.accept.isEnabled()


def test_a_bad_answer_is_one_sentence_with_the_answer_at_hand_as_mere_text(
    qtbot: QtBot, window: StoryWindow, writer: ScriptedWriter, preferences: Preferences
) -> None:
    window.writer.kind.show_value(WriterKind.SERVER)
    window.writer.server.address.show_text("localhost:1")
    window.writer.server.model.setEditText("llava")
    window.writer.kind.chosen.emit(WriterKind.SERVER)
    writer.error = lambda: BadReply("The answer cannot be used: ask once more.", "<b>rm -rf</b>")
    window.brief.set_words("a dog")
    with qtbot.waitSignal(window.desk.service.failed, timeout=WAIT):
        window.go.click()
    box = window.panel.failure
    assert box.isVisible() and box.sentence.text() == "The answer cannot be used: ask once more."
    assert not box.raw.isVisible()
    box.show_raw.click()
    assert box.raw.isVisible() and box.raw.toPlainText() == "<b>rm -rf</b>"
    assert box.templates.isVisible()


def test_the_templates_can_write_what_a_server_could_not(
    qtbot: QtBot, window: StoryWindow, writer: ScriptedWriter, chosen: list[WriterChoice]
) -> None:
    window.writer.server.address.show_text("localhost:1")
    window.writer.server.model.setEditText("llava")
    window.writer.kind.show_value(WriterKind.SERVER)
    window.writer.kind.chosen.emit(WriterKind.SERVER)
    writer.error = lambda: BadReply("No.", "?")
    window.brief.set_words("a dog")
    with qtbot.waitSignal(window.desk.service.failed, timeout=WAIT):
        window.go.click()
    writer.error = None
    with qtbot.waitSignal(window.desk.written, timeout=WAIT):
        window.panel.failure.templates.click()
    assert [choice.kind for choice in chosen] == [WriterKind.SERVER, WriterKind.TEMPLATES]


def test_a_server_that_is_not_set_up_is_said_before_anything_is_written(window: StoryWindow) -> None:
    window.writer.kind.show_value(WriterKind.SERVER)
    window.writer.kind.chosen.emit(WriterKind.SERVER)
    window.brief.set_words("a dog")
    assert not window.go.isEnabled() and "address of your server" in window.obstacle.text()


def test_the_writer_is_remembered(window: StoryWindow, preferences: Preferences) -> None:
    window.writer.kind.show_value(WriterKind.LOCAL)
    window.writer.kind.chosen.emit(WriterKind.LOCAL)
    assert read_choice(preferences).kind is WriterKind.LOCAL


def test_foreign_text_is_never_taken_for_a_format(qtbot: QtBot, window: StoryWindow, writer: ScriptedWriter) -> None:
    writer.prompts = ("<img src='file:///etc/passwd'>",)
    write(qtbot, window, "<b>bold</b>", clips=1)
    labels = [label for label in window.panel.findChildren(QLabel) if "<b>" in label.text()]
    assert labels and all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert rows(window)[1][1] == "<img src='file:///etc/passwd'>"


def test_five_hundred_cards_are_shown(qtbot: QtBot, window: StoryWindow) -> None:
    write(qtbot, window, clips=500)
    assert len(rows(window)) == 501 and window.panel.accept.text() == "Accept all 500"


def test_a_dropped_file_that_is_no_picture_is_refused_in_a_sentence(window: StoryWindow) -> None:
    window.brief.pictures.well.dropped.emit(Path("/tmp/song.mp3"))
    assert "song.mp3" in window.brief.pictures.said.text() and not window.brief.pictures.pictures


@pytest.mark.parametrize("size", [(920, 600), (1920, 1080)])
def test_nothing_is_cut_off_in_small_and_large_windows(
    qtbot: QtBot, window: StoryWindow, size: tuple[int, int]
) -> None:
    write(qtbot, window)
    window.resize(*size)
    qtbot.wait(10)
    buttons = (window.go, window.panel.accept, window.panel.discard, window.panel.edit, window.panel.between)
    assert all(window.rect().contains(button.mapTo(window, button.rect().bottomRight())) for button in buttons)


def test_every_control_has_a_name_for_those_who_cannot_see_it(window: StoryWindow) -> None:
    inside = [each for each in window.findChildren(QWidget) if each.window() is window]  # lists that drop down are not
    controls = [each for each in inside if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [
        f"{type(each).__name__} in {type(each.parent()).__name__}"
        for each in controls
        if not (each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()))
        and not isinstance(each.parent(), QComboBox | QAbstractSpinBox)
        and not isinstance(each, QScrollArea)
    ]
    assert not nameless
