"""The panel around the painted film: scroll bar, zoom, grid, markers, the empty film, words for screen readers."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QContextMenuEvent, QDragEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.domain.short_edits import set_prompt
from tests.ui.timeline.conftest import MakePanel
from tests.ui.timeline.films import storyboard_of
from tests.ui.timeline.hands import Hands, ids


def test_the_scroll_bar_and_the_view_follow_each_other(panel: TimelinePanel) -> None:
    panel.bar.setValue(90)
    assert panel.view.scale.offset == 90
    panel.view.scroll_by(11)
    assert panel.bar.value() == 101


def test_fit_shows_the_film_from_end_to_end(panel: TimelinePanel) -> None:
    panel._actions.action("view.fit").trigger()
    view = panel.view
    assert view.scale.x(0) > 0
    assert view.scale.x(view.scene.layout.frames) < view.width()


def test_zoom_keeps_the_playhead_where_it_is(panel: TimelinePanel) -> None:
    panel.film.playhead.set_frame(50)
    before = panel.view.scale.x(50)
    panel._actions.action("view.zoom_in").trigger()
    assert abs(panel.view.scale.x(50) - before) <= 1


def test_the_view_follows_the_playhead_and_the_current_clip(panel: TimelinePanel) -> None:
    panel.film.playhead.set_frame(panel.film.playhead.last_frame)
    assert panel.view.scale.x(panel.film.playhead.frame) < panel.view.width()
    panel.film.selection.select(["c2"])
    assert panel.view.scene.card_span(1)[0] >= 0


def test_a_click_on_a_clip_that_is_half_in_view_does_not_make_it_jump(panel: TimelinePanel, hands: Hands) -> None:
    panel.view.scroll_by(60)
    before = panel.view.scale.offset
    hands.click(QPoint(30, hands.card(1).y()))
    assert panel.film.selection.ids == ("c1",)
    assert panel.view.scale.offset == before


def test_an_empty_film_has_one_next_step(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel(Storyboard(family="film", reference_image="media/first.png"))
    assert panel.empty.isVisible()
    with qtbot.waitSignal(panel.prompt_edit_requested):
        panel.empty.button.click()
    assert len(ids(panel)) == 1
    assert not panel.empty.isVisible()


def test_the_first_clip_of_a_film_is_a_card_of_readable_width(make_panel: MakePanel) -> None:
    panel = make_panel(Storyboard(family="film", reference_image="media/first.png"))
    panel.film.commands.clips.insert_prompts(["A first clip"], 0)
    left, right = panel.view.scene.card_span(0)
    assert 150 < right - left < 250


def test_the_header_tells_length_and_selection(panel: TimelinePanel) -> None:
    panel.film.selection.select(["c1", "c2"])
    words = panel.header._length.text()
    assert "10 clips" in words
    assert "00:14:02" in words
    assert "2 selected" in words


def test_a_screen_reader_hears_the_current_clip(panel: TimelinePanel) -> None:
    panel.film.selection.select(["c7"])
    words = panel.view.accessibleDescription()
    assert words.startswith("Clip 7 of 10, Not rendered yet, starts fresh")
    assert panel.film.document.storyboard.clips[6].prompt in words


def test_states_are_told_in_words_too(panel: TimelinePanel) -> None:
    panel.film.states.set_activity("c2", ClipState.FAILED, 0, "There is not enough memory.")
    panel.film.selection.select(["c2"])
    assert "Failed" in panel.view.accessibleDescription()


def test_the_menu_key_asks_for_the_current_clips_menu(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.film.selection.select(["c2"])
    with qtbot.waitSignal(panel.context_menu_requested) as asked:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(panel.view, event)
    assert asked.args[1] == "c2"


def test_the_menu_of_a_clip_that_is_not_selected_selects_it(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.context_menu_requested) as asked:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, hands.card(4), panel.mapToGlobal(hands.card(4)))
        QApplication.sendEvent(panel.view, event)
    assert asked.args[1] == "c4"
    assert panel.film.selection.ids == ("c4",)


def name_field(panel: TimelinePanel) -> QLineEdit:
    return next(field for field in panel.view.findChildren(QLineEdit) if field.isVisible())


def test_a_marker_is_named_where_it_stands(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    hands.double_click(QPoint(panel.view.scale.x(40) + 3, panel.view.scene.lanes["markers"].top + 5))
    field = name_field(panel)
    field.setText("The sea")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel.film.document.storyboard.markers[1].label == "The sea"


def test_esc_leaves_the_markers_name(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.edit_marker(1)
    field = name_field(panel)
    field.setText("Other")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert panel.film.document.storyboard.markers[1].label == "Scene 2"


def test_a_double_click_on_the_marker_lane_adds_one(panel: TimelinePanel, hands: Hands) -> None:
    hands.double_click(QPoint(500, panel.view.scene.lanes["markers"].top + 5))
    assert len(panel.film.document.storyboard.markers) == 3
    assert name_field(panel).text() == ""
    name_field(panel).close()


def test_an_undo_while_a_marker_is_named_closes_the_field(panel: TimelinePanel, hands: Hands) -> None:
    hands.double_click(QPoint(500, panel.view.scene.lanes["markers"].top + 5))
    panel.film.document.undo_stack.undo()
    assert not [field for field in panel.view.findChildren(QLineEdit) if field.isVisible()]


@pytest.mark.parametrize("count", [1, 10])
def test_the_grid_has_the_same_clips_and_selection(make_panel: MakePanel, count: int) -> None:
    panel = make_panel(storyboard_of(count))
    panel.film.selection.select(["c1"])
    panel.show_grid(True)
    assert panel.grid.model().rowCount() == count
    assert [index.row() for index in panel.grid.selectedIndexes()] == [0]


def test_the_grid_selects_for_the_whole_film(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    panel.grid.setCurrentIndex(panel.grid.model().index(4, 0))
    assert panel.film.selection.ids == ("c5",)


def test_the_grid_moves_clips_by_drop(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    model = panel.grid.model()
    mime = model.mimeData([model.index(0, 0), model.index(1, 0)])
    model.dropMimeData(mime, Qt.DropAction.MoveAction, 4, 0, model.index(-1, 0))
    assert ids(panel)[:5] == ["c3", "c4", "c1", "c2", "c5"]
    assert panel.film.document.undo_stack.count() == 1


def test_the_grid_keeps_up_with_edits(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    panel.film.document.edit("Words", lambda board: set_prompt(board, "c3", "Other words"))
    assert panel.grid.model().data(panel.grid.model().index(2, 0)) == "Other words"
    panel.film.selection.select(["c1"])
    panel.film.commands.clips.delete()
    assert panel.grid.model().rowCount() == 9


def test_the_grid_tells_screen_readers_what_a_card_shows(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    index = panel.grid.model().index(6, 0)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert panel.grid.model().data(index, role).startswith("Clip 7 of 10, Not rendered yet, starts fresh")


def test_an_active_screen_reader_is_told_about_another_clip(
    panel: TimelinePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[QAccessible.Event] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.type()))
    QAccessible.setActive(True)
    panel.film.selection.select(["c5"])
    QAccessible.setActive(False)
    assert QAccessible.Event.DescriptionChanged in told


def test_the_state_of_the_current_clip_is_kept_up_to_date_in_words(panel: TimelinePanel) -> None:
    panel.film.selection.select(["c2"])
    panel.film.states.set_activity("c2", ClipState.RENDERING, 0.5, "Step 10 of 20")
    assert "Rendering" in panel.view.accessibleDescription()


def test_a_marker_is_named_on_the_time_line_also_from_the_grid(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    panel.edit_marker(1)
    assert panel.view.isVisible() and not panel.grid.isVisible()
    panel.view.findChild(QLineEdit).close()


def test_files_that_the_grid_cannot_use_are_left_to_the_window(panel: TimelinePanel) -> None:
    panel.show_grid(True)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/films/A film.svi")])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(panel.grid.viewport(), event)
    assert not event.isAccepted()
