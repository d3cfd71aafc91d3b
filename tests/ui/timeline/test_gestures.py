"""What the mouse does on the timeline: one gesture, at most one step of undo, and Esc takes it back."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.domain.editing.edits import delete_clips
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.ui.timeline.hands import ALT, CTRL, LEFT, MIDDLE, NONE, SHIFT, Hands, Kind, ids


def test_a_click_selects_one_clip(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(hands.card(3))
    assert panel.film.selection.ids == ("c3",)


def test_ctrl_and_shift_add_to_the_selection(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(hands.card(2))
    hands.click(hands.card(4), SHIFT)
    assert panel.film.selection.ids == ("c2", "c3", "c4")
    hands.click(hands.card(3), CTRL)
    assert panel.film.selection.ids == ("c2", "c4")


def test_a_click_beside_the_clips_selects_nothing(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(hands.card(2))
    hands.click(QPoint(400, panel.view.height() - 2))
    assert panel.film.selection.ids == ()


def test_a_rubber_band_selects_what_it_touches(panel: TimelinePanel, hands: Hands) -> None:
    below = panel.view.height() - 3
    hands.drag(QPoint(hands.card(2).x(), below), QPoint(hands.card(4).x(), hands.card(4).y()))
    assert panel.film.selection.ids == ("c2", "c3", "c4")
    assert not panel.view.overlay.shown


def test_a_dragged_clip_goes_to_the_gap_that_the_line_shows(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(hands.card(1), QPoint(hands.edge(3) + 5, hands.card(1).y()))
    assert ids(panel)[:4] == ["c2", "c3", "c1", "c4"]
    assert panel.film.document.undo_stack.count() == 1


def test_several_clips_are_dragged_together(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(hands.card(1))
    hands.click(hands.card(3), CTRL)
    hands.drag(hands.card(3), QPoint(hands.edge(5) - 4, hands.card(1).y()))
    assert ids(panel)[:5] == ["c2", "c4", "c5", "c1", "c3"]


def test_alt_leaves_the_clip_and_carries_a_copy(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(hands.card(1), QPoint(hands.edge(3) + 2, hands.card(1).y()), ALT)
    clips = panel.film.document.storyboard.clips
    assert len(clips) == 11
    assert clips[3].prompt == clips[0].prompt
    assert panel.film.document.undo_stack.count() == 1


def test_a_small_tremble_is_no_drag(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(hands.card(1), hands.card(1) + QPoint(2, 1))
    assert panel.film.document.undo_stack.count() == 0
    assert panel.film.selection.ids == ("c1",)


def test_esc_takes_a_drag_back(panel: TimelinePanel, hands: Hands) -> None:
    before = ids(panel)
    hands.drag(hands.card(1), QPoint(hands.edge(4), hands.card(1).y()), drop=False)
    assert panel.view.overlay.insertion == 4
    hands.key(Qt.Key.Key_Escape)
    hands.mouse(Kind.MouseButtonRelease, QPoint(hands.edge(4), hands.card(1).y()))
    assert ids(panel) == before
    assert not panel.view.overlay.shown


def test_esc_is_no_shortcut_while_something_is_dragged(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(hands.card(1), hands.card(3), drop=False)
    event = QKeyEvent(Kind.ShortcutOverride, Qt.Key.Key_Escape, NONE)
    event.ignore()
    QApplication.sendEvent(panel.view, event)
    assert event.isAccepted()
    panel.view.cancel_gesture()


def test_clips_that_go_while_they_are_dragged_end_the_drag(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(hands.card(1), QPoint(hands.edge(10) - 2, hands.card(1).y()), drop=False)
    panel.film.document.edit("Delete", lambda board: delete_clips(board, ["c8", "c9", "c10"]))
    panel.view.repaint()
    assert not panel.view.in_hand
    assert not panel.view.overlay.shown


def test_scrubbing_goes_on_while_clips_come(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(QPoint(300, 10), QPoint(400, 10), drop=False)
    panel.film.commands.clips.insert_prompts(["New"], 1)
    assert panel.view.in_hand
    panel.view.cancel_gesture()


def test_another_button_takes_a_drag_back(panel: TimelinePanel, hands: Hands) -> None:
    before = ids(panel)
    hands.drag(hands.card(1), QPoint(hands.edge(4), hands.card(1).y()), drop=False)
    hands.mouse(Kind.MouseButtonPress, hands.card(2), NONE, Qt.MouseButton.RightButton)
    assert ids(panel) == before
    assert not panel.view.in_hand


def test_a_drag_at_the_edge_scrolls(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    before = panel.view.scale.offset
    hands.drag(hands.card(2), QPoint(panel.view.width() - 3, hands.card(2).y()), drop=False)
    qtbot.waitUntil(lambda: panel.view.scale.offset > before + 60)
    panel.view.cancel_gesture()


def test_the_ruler_scrubs(panel: TimelinePanel, hands: Hands) -> None:
    panel.set_snapping(False)
    hands.drag(QPoint(300, 10), QPoint(500, 10))
    assert panel.film.playhead.frame == int(panel.view.scale.frame_at(500))


def test_scrubbing_snaps_to_a_clip_edge_and_shows_the_guide(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(QPoint(300, 10), QPoint(hands.edge(3) + 5, 10), drop=False)
    assert panel.film.playhead.frame == panel.view.scene.layout.edges[3]
    assert panel.view.overlay.guide == panel.view.scene.layout.edges[3]
    panel.view.cancel_gesture()


def test_the_in_point_is_dragged_and_comes_back_on_esc(panel: TimelinePanel, hands: Hands) -> None:
    panel.film.playhead.set_in(20)
    panel.set_snapping(False)
    x = panel.view.scale.x(20)
    hands.drag(QPoint(x, 8), QPoint(x + 100, 8), drop=False)
    assert panel.film.playhead.in_frame != 20
    hands.key(Qt.Key.Key_Escape)
    assert panel.film.playhead.in_frame == 20


def test_a_flag_is_carried_to_another_frame(panel: TimelinePanel, hands: Hands) -> None:
    panel.set_snapping(False)
    lane = panel.view.scene.lanes["markers"]
    x = panel.view.scale.x(40)
    hands.drag(QPoint(x + 3, lane.top + 5), QPoint(panel.view.scale.x(50), lane.top + 5))
    assert [marker.frame for marker in panel.film.document.storyboard.markers] == [0, 50]


def test_a_click_on_a_flag_goes_there(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(QPoint(panel.view.scale.x(40) + 3, panel.view.scene.lanes["markers"].top + 5))
    assert panel.film.playhead.frame == 40


def test_a_press_on_the_seam_cuts_and_chains(panel: TimelinePanel, hands: Hands) -> None:
    seam = QPoint(hands.edge(2), panel.view.scene.seam_y())
    hands.click(seam)
    assert panel.film.document.storyboard.clips[2].cut
    hands.click(QPoint(hands.edge(2), panel.view.scene.seam_y()))
    assert not panel.film.document.storyboard.clips[2].cut


def test_a_double_click_asks_for_the_prompt(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.prompt_edit_requested) as asked:
        hands.double_click(hands.card(3))
    assert asked.args == ["c3"]


def test_a_double_click_on_the_anchor_lane_asks_for_a_picture(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.picture_requested) as asked:
        hands.double_click(QPoint(hands.card(2).x(), panel.view.scene.lanes["anchors"].top + 8))
    assert asked.args == ["c2"]


def test_the_place_after_the_last_clip_adds_one(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    panel.view.fit()
    with qtbot.waitSignal(panel.prompt_edit_requested) as asked:
        hands.click(QPoint(hands.edge(10) + 30, hands.card(1).y()))
    assert asked.args == [ids(panel)[-1]]
    assert len(ids(panel)) == 11


def test_the_wheel_scrolls_and_with_ctrl_zooms_at_the_cursor(panel: TimelinePanel, hands: Hands) -> None:
    hands.wheel(QPoint(500, 150), QPoint(0, -120))
    assert panel.view.scale.offset > 0
    before = panel.view.scale.frame_at(500)
    hands.wheel(QPoint(500, 150), QPoint(0, 120), CTRL)
    assert abs(panel.view.scale.x(before) - 500) <= 1


def test_a_touchpad_scrolls_pixel_by_pixel(panel: TimelinePanel, hands: Hands) -> None:
    before = panel.view.scale.offset
    hands.wheel(QPoint(500, 150), QPoint(-8, 0), pixels=QPoint(-17, 0))
    assert panel.view.scale.offset == before + 17


def test_the_middle_button_pulls_the_film(panel: TimelinePanel, hands: Hands) -> None:
    before = panel.view.scale.offset
    hands.drag(QPoint(600, 150), QPoint(480, 150), button=MIDDLE)
    assert panel.view.scale.offset == before + 120


def test_a_film_that_is_read_only_cannot_be_dragged_about(panel: TimelinePanel, hands: Hands) -> None:
    panel.film.document.read_only_reason = "Another window has this film open."
    before = ids(panel)
    hands.drag(hands.card(1), QPoint(hands.edge(3), hands.card(1).y()), button=LEFT)
    assert ids(panel) == before
