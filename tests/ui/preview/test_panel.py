"""The preview panel under the hand: keys, fields, takes, comparing, full screen, what can be done with a frame."""

import random
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from svi_studio.document.preview.scene import Layout, Scene, Side, View, Words
from svi_studio.domain.editing.edits import change_clips
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from tests.ui.preview.films import KEPT, Bench, frame_of, put_video, rgb


def take_of(bench: Bench, clip_id: str) -> str:
    take = bench.film.states.state(clip_id).take_hash
    assert take is not None
    return take


def show(bench: Bench) -> None:
    with bench.qtbot.waitActive(bench.panel):
        bench.panel.show()
        bench.panel.activateWindow()
    bench.panel.area.canvas.setFocus()


def press(bench: Bench, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(bench.panel.area.canvas, key, modifier)


def test_keys_step_by_frames_seconds_and_seams(bench: Bench) -> None:
    show(bench)
    shift = Qt.KeyboardModifier.ShiftModifier
    places = []
    for key, modifier in [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Right, shift),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier),
    ]:
        press(bench, key, modifier)
        places.append(bench.film.playhead.frame)
    assert places == [1, 13, 12, KEPT, 2 * KEPT, KEPT, 52, 2 * KEPT, 0]


def test_j_k_l_shuttle(bench: Bench) -> None:
    show(bench)
    rates = []
    for key in (Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_Space):
        press(bench, key)
        rates.append(bench.film.playhead.rate)
        bench.film.playhead.set_frame(30)
    assert rates == [1, 2, -1, -2, 0, 1]
    bench.panel.preview.player.stop()


def test_l_and_j_with_k_held_go_by_single_frames(bench: Bench) -> None:
    show(bench)
    canvas = bench.panel.area.canvas
    QTest.keyPress(canvas, Qt.Key.Key_K)
    for key in (Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_J):
        press(bench, key)
    assert (bench.film.playhead.frame, bench.film.playhead.rate) == (1, 0)
    QTest.keyRelease(canvas, Qt.Key.Key_K)
    press(bench, Qt.Key.Key_L)
    assert bench.film.playhead.rate == 1
    bench.panel.preview.player.stop()


def test_i_and_o_set_the_range_and_it_can_be_cleared(bench: Bench) -> None:
    show(bench)
    bench.film.playhead.set_frame(5)
    press(bench, Qt.Key.Key_I)
    bench.film.playhead.set_frame(25)
    press(bench, Qt.Key.Key_O)
    assert (bench.film.playhead.in_frame, bench.film.playhead.out_frame) == (5, 25)
    press(bench, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    assert bench.film.playhead.frame == 5
    press(bench, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert bench.film.playhead.in_frame is None


def test_the_play_button_shows_what_it_will_do(bench: Bench) -> None:
    action = bench.actions.action("play.toggle")
    before = action.icon().cacheKey()
    action.trigger()
    assert action.icon().cacheKey() != before
    action.trigger()
    assert action.icon().cacheKey() == before


@pytest.mark.parametrize(("typed", "frame"), [("1:05", 17), ("+3", 23), ("nonsense", 20), ("9:00:00", 52)])
def test_a_time_typed_in_goes_there(bench: Bench, typed: str, frame: int) -> None:
    show(bench)
    bench.film.playhead.set_frame(20)
    field = bench.panel.area.transport.times.time
    field.setFocus()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert bench.film.playhead.frame == frame
    assert not field.isModified()


def test_escape_in_the_time_field_forgets_what_was_typed(bench: Bench) -> None:
    show(bench)
    field = bench.panel.area.transport.times.frame
    field.setFocus()
    QTest.keyClicks(field, "31")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), bench.film.playhead.frame) == ("0", 0)


def test_dragging_on_the_bar_scrubs_to_every_frame(bench: Bench) -> None:
    show(bench)
    bar = bench.panel.area.scrub_bar
    assert [bar.frame_at(bar.x_of(frame)) for frame in range(53)] == list(range(53))
    place = QPointF(bar.x_of(33), bar.height() / 2).toPoint()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    assert bench.film.playhead.frame == 33


def test_one_take_plays_in_its_clip_only_and_escape_leads_back(bench: Bench) -> None:
    show(bench)
    other = put_video(bench.qtbot, bench.film, 1, seed=999)
    bench.panel.preview.show_take(other)
    assert bench.film.playhead.frame == KEPT
    bench.show(KEPT + 4)
    assert np.array_equal(bench.pixels(), frame_of(other, 4))
    assert bench.panel.preview.player.span == (KEPT, 2 * KEPT - 1)
    press(bench, Qt.Key.Key_Escape)
    assert bench.panel.preview.projector.view == View()
    bench.show(KEPT + 4)
    assert np.array_equal(bench.pixels(), frame_of(take_of(bench, "c2"), 4))


def test_going_from_one_take_to_another_clips_take_plays_only_that_one(bench: Bench) -> None:
    bench.panel.preview.show_take(take_of(bench, "c2"))
    bench.panel.preview.show_take(take_of(bench, "c1"))
    assert bench.panel.preview.view.clip_id == "c1"
    assert bench.panel.preview.player.span == bench.panel.preview.span == (0, KEPT - 1)


def test_using_a_take_makes_it_the_clips_own_as_one_step(bench: Bench) -> None:
    other = put_video(bench.qtbot, bench.film, 1, seed=999)
    bench.panel.preview.show_take(other)
    bench.panel.area.view_bar.use_first.click()
    bench.film.states.settle()
    assert take_of(bench, "c2") == other
    assert bench.panel.preview.projector.view == View()
    assert bench.film.document.undo_stack.count() == 1


def test_going_to_another_clip_leads_back_to_the_film(bench: Bench) -> None:
    bench.panel.preview.show_take(take_of(bench, "c2"))
    assert len(bench.panel.preview.projector.view.takes) == 1
    bench.film.playhead.set_frame(3)
    assert bench.panel.preview.projector.view == View()


def test_a_deleted_take_is_not_looked_at_any_longer(bench: Bench) -> None:
    other = put_video(bench.qtbot, bench.film, 1, seed=999)
    bench.panel.preview.compare(take_of(bench, "c2"), other)
    bench.film.takes.delete([other])
    bench.qtbot.waitUntil(lambda: bench.panel.preview.projector.view == View())


def test_comparing_names_seeds_and_stars(bench: Bench) -> None:
    other = put_video(bench.qtbot, bench.film, 1, created_at="2026-02-02T00:00:00+00:00", seed=999)
    bench.film.takes.rate(other, 4)
    bench.panel.preview.compare(take_of(bench, "c2"), other)
    bench.show(KEPT + 2)
    first, second = bench.panel.preview.projector.scene.sides
    assert first.caption != second.caption
    assert second.caption.startswith("Seed 999 · ")
    assert second.stars == 4


def test_layouts_and_swap(bench: Bench) -> None:
    first, second = take_of(bench, "c2"), put_video(bench.qtbot, bench.film, 1, seed=999)
    bench.panel.preview.compare(first, second)
    bar = bench.panel.area.view_bar
    bar.layout_wanted.emit(Layout.WIPE)
    bar.swap_wanted.emit()
    assert bench.panel.preview.projector.view == View("c2", (second, first), Layout.WIPE)


def test_full_screen_takes_the_picture_along_and_brings_it_back(bench: Bench) -> None:
    show(bench)
    bench.actions.action("view.preview_full_screen").trigger()
    window = bench.panel.area.window()
    assert window is not bench.panel
    QTest.keyClick(bench.panel.area.canvas, Qt.Key.Key_Right)
    assert bench.film.playhead.frame == 1
    QTest.keyClick(bench.panel.area.canvas, Qt.Key.Key_Escape)
    assert not bench.panel.full_screen.is_on
    assert bench.panel.area.window() is bench.panel
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_in_full_screen_the_controls_go_while_it_plays_and_come_back_by_a_touch(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.panel.full_screen, "quiet_ms", 20)
    bench.panel.full_screen.enter()
    transport = bench.panel.area.transport
    bench.qtbot.wait(60)
    assert transport.isVisible()
    bench.panel.preview.player.toggle()
    bench.qtbot.waitUntil(lambda: not transport.isVisible())
    QTest.keyClick(bench.panel.area.canvas, Qt.Key.Key_K)
    assert transport.isVisible()
    bench.panel.full_screen.leave()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_saving_a_frame_writes_its_exact_pixels(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(
        bench.panel.frame_actions, "ask", lambda _window, name: names.append(name) or tmp_path / "still"
    )
    bench.show(KEPT + 7)
    with bench.qtbot.waitSignal(bench.panel.preview.frame_commands.saved):
        bench.actions.action("take.save_frame").trigger()
    assert np.array_equal(rgb(QImage(str(tmp_path / "still.png"))), frame_of(take_of(bench, "c2"), 7))
    assert names == ["Puppet 00023.png"]


def test_a_frame_that_cannot_be_saved_is_one_sentence(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.panel.frame_actions, "ask", lambda *_: tmp_path / "nowhere" / "still.png")
    bench.show(3)
    with bench.qtbot.waitSignal(bench.film.document.refused) as told:
        bench.actions.action("take.save_frame").trigger()
    assert "nowhere" in told.args[0]


def test_continuing_from_a_frame_makes_a_clip_with_that_picture(bench: Bench) -> None:
    bench.show(KEPT + 7)
    clips = lambda: bench.film.document.storyboard.clips  # noqa: E731
    with bench.qtbot.waitSignal(bench.film.commands.takes.continued):
        bench.actions.action("take.continue_from_frame").trigger()
    assert len(clips()) == 4
    assert bench.film.selection.current == clips()[2].id
    assert clips()[2].cut
    assert np.array_equal(
        rgb(QImage(str(bench.film.document.file(clips()[2].image or "")))), frame_of(take_of(bench, "c2"), 7)
    )


def test_a_frame_becomes_the_picture_of_the_selected_clip(bench: Bench) -> None:
    bench.film.selection.select(["c3"])
    bench.show(4)
    bench.actions.action("take.use_as_anchor").trigger()
    bench.qtbot.waitUntil(lambda: bench.film.document.storyboard.clips[2].image is not None)


def test_without_a_picture_nothing_can_be_done_with_a_frame(bare_bench: Bench) -> None:
    bare_bench.show(3)
    assert not bare_bench.actions.action("take.save_frame").isEnabled()
    assert not bare_bench.actions.action("take.continue_from_frame").isEnabled()
    assert not bare_bench.panel.area.transport.frame_button.isEnabled()


def test_a_film_without_takes_has_one_obvious_next_step(bare_bench: Bench) -> None:
    called: list[str] = []
    bare_bench.actions.connect_action("render.stale", lambda: called.append("render"))
    bare_bench.panel.show()
    card = bare_bench.panel.area.next_step
    bare_bench.film.states.settle()
    assert (card.isVisible(), card.title.text(), card.button.text()) == (True, "Nothing to play yet", "Render 3 clips")
    card.button.click()
    assert called == ["render"]


def test_the_next_step_changes_with_the_film(bare_bench: Bench) -> None:
    card = bare_bench.panel.area.next_step
    bare_bench.film.document.edit("no words", lambda board: change_clips(board, ["c1"], prompt=""))
    assert card.button.text() == "Write the prompt"
    bare_bench.film.selection.select_all()
    bare_bench.film.commands.clips.delete()
    assert card.button.text() == "Add the first clip"


def test_the_next_step_goes_when_there_is_something_to_play(bench: Bench) -> None:
    bench.panel.show()
    assert not bench.panel.area.next_step.isVisible()


def test_a_damaged_take_counts_no_more_and_one_button_makes_it_again(bench: Bench) -> None:
    called: list[str] = []
    bench.actions.connect_action("render.stale", lambda: called.append("render"))
    bench.panel.show()
    job = bench.film.states.job("c2")
    assert job is not None
    path = bench.film.takes.file(job.take_hash, LOSSLESS_VIDEO)
    path.write_bytes(path.read_bytes()[:2000].ljust(path.stat().st_size, b"?"))
    card = bench.panel.area.next_step
    bench.film.playhead.set_frame(KEPT + 15)
    bench.qtbot.waitUntil(card.isVisible)
    assert card.title.text() == "The take of clip 2 is damaged"
    assert [each.clip_id for each in bench.film.states.stale_jobs()] == ["c2"]
    card.button.click()
    assert called == ["render"]
    put_video(bench.qtbot, bench.film, 1)
    assert not card.isVisible()


def test_the_card_of_a_damaged_take_stands_only_over_its_own_clip(bench: Bench) -> None:
    bench.panel.show()
    take = bench.film.states.state("c2").take_hash
    assert take is not None
    bench.film.takes.file(take, LOSSLESS_VIDEO).unlink()
    bench.film.playhead.set_frame(KEPT + 1)
    bench.qtbot.waitUntil(bench.panel.area.next_step.isVisible)
    bench.film.playhead.set_frame(0)
    assert not bench.panel.area.next_step.isVisible()


def test_while_a_card_says_what_is_next_the_clip_says_nothing(bare_bench: Bench) -> None:
    bare_bench.panel.show()
    canvas = bare_bench.panel.area.canvas
    assert bare_bench.panel.area.next_step.isVisible()
    canvas.show_scene(Scene((Side(words=Words("Clip 1", "A long sentence that would go under the card", "Waits")),)))
    with_words = canvas.grab().toImage()
    canvas.show_scene(Scene())
    assert canvas.grab().toImage() == with_words


def test_every_control_has_a_name_and_a_tool_tip(bench: Bench) -> None:
    show(bench)
    buttons = bench.panel.findChildren(QAbstractButton)
    nameless = [button for button in buttons if not (button.accessibleName() or button.text()) and button.isVisible()]
    assert nameless == []
    tool_buttons = bench.panel.area.transport.findChildren(QAbstractButton)
    assert all(button.toolTip() for button in tool_buttons)


def test_closing_twice_and_using_it_afterwards_is_quiet(bench: Bench) -> None:
    assert bench.panel.close_threads()
    bench.film.playhead.set_frame(9)
    assert bench.panel.close_threads()


def test_whatever_is_done_in_whatever_order_nothing_breaks(bench: Bench) -> None:
    chance = random.Random(11)
    takes = [take_of(bench, f"c{k}") for k in (1, 2, 3)]
    takes.append(put_video(bench.qtbot, bench.film, 1, seed=999))
    stack, panel = bench.film.document.undo_stack, bench.panel
    deeds = (
        lambda: bench.film.playhead.set_frame(chance.randrange(60)),
        lambda: panel.preview.player.shuttle(chance.choice((1, -1))),
        panel.preview.player.tick,
        lambda: panel.preview.show_take(chance.choice(takes)),
        lambda: panel.preview.compare(*chance.sample(takes, 2)),
        lambda: panel.area.view_bar.layout_wanted.emit(chance.choice(list(Layout))),
        panel.area.view_bar.swap_wanted.emit,
        panel.preview.show_film,
        lambda: bench.making(chance.choice(("c1", "c2", "c3", None)), chance.random()),
        lambda: panel.preview.follow.set_enabled(chance.random() < 0.5),
        panel.preview.follow.show_live,
        lambda: panel.area.canvas.set_zoom(chance.choice((0.0, 0.5, 4.0))),
        lambda: bench.film.selection.select([f"c{chance.randrange(1, 9)}"]),
        bench.film.commands.clips.delete,
        bench.film.commands.clips.duplicate,
        bench.film.commands.clips.toggle_cut,
        stack.undo,
        stack.redo,
        lambda: panel.area.resize(chance.randrange(60, 900), chance.randrange(60, 700)),
        panel.grab,
    )
    for _ in range(400):
        chance.choice(deeds)()
        if chance.random() < 0.3:
            QApplication.processEvents()
    panel.preview.player.stop()
