"""The window of a film: undo with names, greyed actions, drops, the disk, and what the renderer does."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from svi_studio.domain.film.quality import Quality
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_window import FilmWindow
from tests.builders.open_films import picture
from tests.domain.short_edits import set_prompt
from tests.jobs.scripted import scripted_command
from tests.ui.shell.conftest import OpenWindow
from tests.ui.shell.test_studio import make_film
from tests.ui.shell.test_welcome import _bomb


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> FilmWindow:
    return open_window(make_film(tmp_path))


def _trigger(window: FilmWindow, action_id: str) -> None:
    window.actions_table.action(action_id).trigger()


def _is_enabled(window: FilmWindow, action_id: str) -> bool:
    return window.actions_table.action(action_id).isEnabled()


def test_undo_names_the_step_that_it_takes_back(window: FilmWindow) -> None:
    assert not _is_enabled(window, "edit.undo")
    _trigger(window, "clip.duplicate")
    assert window.actions_table.action("edit.undo").text() == "Undo duplicate clip"
    _trigger(window, "edit.undo")
    assert window.actions_table.action("edit.undo").text() == "Undo"
    assert window.actions_table.action("edit.redo").text() == "Redo duplicate clip"


def test_actions_on_clips_are_grey_while_no_clip_is_selected(window: FilmWindow) -> None:
    assert _is_enabled(window, "clip.delete") and _is_enabled(window, "clip.set_image")
    _trigger(window, "edit.select_none")
    assert not _is_enabled(window, "clip.delete") and not _is_enabled(window, "clip.set_image")


def test_copy_goes_to_the_text_field_that_has_the_focus(window: FilmWindow) -> None:
    field = QLineEdit("some words", window)
    field.show()
    window.activateWindow()
    field.setFocus()
    field.selectAll()
    _trigger(window, "edit.copy")
    assert QApplication.clipboard().text() == "some words"


def test_keys_select_the_clip_before_and_after(window: FilmWindow) -> None:
    _trigger(window, "clip.select_next")
    assert window.film.selection.ids == ("c2",)
    _trigger(window, "clip.select_previous")
    assert window.film.selection.ids == ("c1",)


def test_keys_go_from_marker_to_marker(window: FilmWindow) -> None:
    assert not _is_enabled(window, "play.next_marker")
    for frame in (3, 9):
        window.film.commands.markers.add(frame)
    window.film.playhead.set_frame(0)
    _trigger(window, "play.next_marker")
    _trigger(window, "play.next_marker")
    assert window.film.playhead.frame == 9
    _trigger(window, "play.previous_marker")
    assert window.film.playhead.frame == 3


def test_the_title_of_the_window_follows_the_film(window: FilmWindow) -> None:
    window.film.document.edit("Rename", lambda board: board.model_copy(update={"title": "A <b>new</b>\ntitle"}))
    assert window.windowTitle() == "A <b>new</b> title – SVI Studio"


def test_a_dropped_picture_goes_to_the_current_clip(qtbot: QtBot, window: FilmWindow, tmp_path: Path) -> None:
    window.film.selection.select(["c1"])
    window.dropped.emit([picture(tmp_path / "sea.png", colour="navy")])
    qtbot.waitUntil(lambda: window.film.document.storyboard.clips[0].image is not None, timeout=20_000)


def test_several_dropped_pictures_become_clips_at_the_end(qtbot: QtBot, window: FilmWindow, tmp_path: Path) -> None:
    pictures = [picture(tmp_path / f"{colour}.png", colour=colour) for colour in ("navy", "olive")]
    window.dropped.emit(pictures)
    qtbot.waitUntil(lambda: len(window.film.document.storyboard.clips) == 5, timeout=20_000)


def test_a_picture_bomb_costs_a_sentence_and_changes_nothing(qtbot: QtBot, window: FilmWindow, tmp_path: Path) -> None:
    before = window.film.document.storyboard
    window.dropped.emit([_bomb(tmp_path / "bomb.png")])
    qtbot.waitUntil(lambda: "refused" in window.banners.shown, timeout=20_000)
    assert window.film.document.storyboard == before


def test_a_dropped_stranger_costs_a_sentence(window: FilmWindow) -> None:
    window.dropped.emit([Path("/music/song.mid")])
    assert "song.mid" in window.banners.shown["refused"].text


def test_a_dropped_film_opens_in_a_window(qtbot: QtBot, studio: Studio, window: FilmWindow, tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        window.dropped.emit([make_film(tmp_path / "two")])


def test_a_full_disk_is_told_until_it_has_room_again(window: FilmWindow) -> None:
    document = window.film.document
    document.tell_save_state(SaveState(SaveKind.FAILED, "The disk is full at /films: free some space."))
    assert window.status.text("save") == "Not saved" and "saving" in window.banners.shown
    document.tell_save_state(SaveState(SaveKind.SAVED))
    assert window.status.text("save") == "Saved" and "saving" not in window.banners.shown


def test_an_edit_that_is_not_possible_is_answered_above_the_picture(window: FilmWindow) -> None:
    window.film.selection.select(["c1"])
    _trigger(window, "clip.toggle_lock")
    window.film.document.edit("Type", lambda board: set_prompt(board, "c1", "other prompt"))
    assert window.banners.shown["refused"].text.endswith(".")


@pytest.fixture
def quick(studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = scripted_command(tmp_path / "quick", holds=["0.2"])
    monkeypatch.setattr("svi_studio.jobs.render.render_service.worker_command", lambda: command)


@pytest.mark.usefixtures("quick")
def test_the_status_line_and_the_clips_follow_the_render(qtbot: QtBot, window: FilmWindow) -> None:
    queue, states = window.rendering.queue, window.film.states
    board = window.film.document.storyboard
    queue.add(RenderRequest(id="r1", storyboard=board, first=0, last=2))
    qtbot.waitUntil(lambda: window.status.text("render").startswith("Rendering clip 1"), timeout=20_000)
    assert states.state("c1").state is ClipState.RENDERING and states.state("c3").state is ClipState.QUEUED
    qtbot.waitUntil(lambda: window.thumbnails.live("c1") is not None, timeout=20_000)
    queue.stop()
    qtbot.waitUntil(lambda: window.status.text("render") == "", timeout=20_000)
    assert states.state("c3").state is ClipState.EMPTY


@pytest.mark.usefixtures("quick")
def test_a_paused_render_says_so(qtbot: QtBot, window: FilmWindow) -> None:
    queue = window.rendering.queue
    queue.add(RenderRequest(id="r1", storyboard=window.film.document.storyboard, first=0, last=2))
    qtbot.waitUntil(lambda: queue.current_clip == "c1", timeout=20_000)
    _trigger(window, "render.pause")
    qtbot.waitUntil(lambda: window.status.text("render") == "Rendering is paused", timeout=20_000)


def test_plain_keys_work_as_soon_as_the_film_is_open(qtbot: QtBot, window: FilmWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: window.focusWidget() is not None)
    assert not isinstance(window.focusWidget(), QLineEdit | QPlainTextEdit)


def test_a_missing_file_is_called_by_its_place_in_the_film(window: FilmWindow) -> None:
    board = window.film.document.storyboard
    assert board.reference_image is not None
    clips = (board.clips[0], board.clips[1].model_copy(update={"cut": True, "image": "media/a.png"}), board.clips[2])
    window.film.document.edit("Set", lambda board: board.model_copy(update={"clips": clips}))
    assert window._place_of(board.reference_image) == "Start picture of the film"
    assert window._place_of("media/a.png") == "Picture of clip 2"


def test_a_damaged_queue_is_told_although_nothing_is_rendered(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    film = make_film(tmp_path)
    (film / "queue.json").write_text("{broken")
    window = open_window(film)
    qtbot.waitUntil(lambda: "refused" in window.banners.shown, timeout=10_000)
    assert "queue" in window.banners.shown["refused"].text


def test_toggles_of_the_menu_show_what_the_selected_clips_are(window: FilmWindow) -> None:
    window.film.selection.select(["c2"])
    cut, lock = (window.actions_table.action(f"clip.toggle_{name}") for name in ("cut", "lock"))
    assert (cut.isChecked(), lock.isChecked()) == (False, False)
    cut.trigger()
    lock.trigger()
    assert (cut.isChecked(), lock.isChecked()) == (True, True)
    cut.trigger()  # refused: the clip is locked
    assert cut.isChecked()
    window.film.selection.select(["c3"])
    assert (cut.isChecked(), lock.isChecked()) == (False, False)


def test_whoever_goes_on_from_a_frame_writes_at_once(qtbot: QtBot, window: FilmWindow) -> None:
    window.show_panel("takes")
    window.film.selection.select(["c2"])
    window.film.commands.takes.continued.emit()
    panel = window.panels["inspector"].findChild(InspectorPanel)
    assert panel is not None
    qtbot.waitUntil(lambda: panel.isVisible() and panel.clip_page.prompt.prompt.box.hasFocus())


@pytest.mark.parametrize("action_id", ["clip.fork", "take.use_as_anchor", "take.continue_from_frame"])
def test_actions_that_do_much_say_what_they_will_do(window: FilmWindow, action_id: str) -> None:
    action = window.actions_table.action(action_id)
    assert "take" in action.statusTip()
    assert action.statusTip() in action.toolTip()


def test_prompts_dropped_on_a_film_become_a_proposal(qtbot: QtBot, window: FilmWindow, tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("The red puppet waves.\nThe red puppet sleeps.\n")
    with qtbot.waitSignal(window.prompts_dropped):
        window.dropped.emit([tmp_path / "prompts.txt"])
    qtbot.waitUntil(lambda: any(type(each).__name__ == "StoryWindow" for each in QApplication.topLevelWidgets()))


@pytest.mark.parametrize(("quality", "state"), [("final", ClipState.QUEUED), ("draft", ClipState.EMPTY)])
def test_a_draft_is_no_reason_for_a_card_to_say_that_the_final_clip_does_not_wait(
    qtbot: QtBot, window: FilmWindow, monkeypatch: pytest.MonkeyPatch, quality: Quality, state: ClipState
) -> None:
    film, queue = window.film, window.rendering.queue
    qtbot.waitUntil(lambda: film.states.job("c1") is not None)
    queue.pause()
    monkeypatch.setattr(film.states, "has_take", lambda clip_id: True)  # a draft of it is there
    queue.add(RenderRequest(id="r", storyboard=film.document.storyboard, first=0, last=0, quality=quality))
    assert film.states.state("c1").state is state
