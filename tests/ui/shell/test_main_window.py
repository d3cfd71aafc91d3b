"""The frame: panels that move and come back, files dropped on it, the status line, the menus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.window.main_window import MainWindow
from svi_studio.ui.window.panel_title import PanelTitle

_RIGHT, _LEFT, _BELOW = (
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)


def _window(preferences: Preferences, opened: list[Path] | None = None) -> MainWindow:
    found = opened if opened is not None else []
    window = MainWindow(Actions(), preferences, found.append)
    window.actions_table.setParent(window)
    window.set_centre(QLineEdit())
    window.add_panel("timeline", "Timeline", QLineEdit(), _BELOW)
    window.add_panel("inspector", "Inspector", QLineEdit(), _RIGHT)
    window.add_panel("takes", "Takes", QLineEdit(), _RIGHT, beside="inspector")
    window.restore_geometry()
    window.show()
    window.settle()
    return window


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    shown = _window(preferences)
    qtbot.addWidget(shown)
    yield shown


def _drop(window: MainWindow, *names: str) -> list[Path]:
    mime = QMimeData()
    mime.setUrls([QUrl(name) if "://" in name else QUrl.fromLocalFile(name) for name in names])
    found: list[list[Path]] = []
    window.dropped.connect(found.append)
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, none))
    return found[0]


def test_a_moved_panel_is_where_it_was_left_at_the_next_start(qtbot: QtBot, preferences: Preferences) -> None:
    first = _window(preferences)
    first.addDockWidget(_LEFT, first.panels["inspector"])
    first.close()
    second = _window(preferences)
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    assert second.dockWidgetArea(second.panels["inspector"]) == _LEFT


def test_a_closed_panel_stays_closed_at_the_next_start(qtbot: QtBot, preferences: Preferences) -> None:
    first = _window(preferences)
    first.panels["timeline"].close()
    first.close()
    second = _window(preferences)
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    assert second.panels["timeline"].isHidden()


def test_resetting_brings_every_panel_back(window: MainWindow) -> None:
    window.addDockWidget(_LEFT, window.panels["inspector"])
    window.panels["timeline"].close()
    window.panels["takes"].setFloating(True)
    window.reset_layout()
    areas = {name: window.dockWidgetArea(panel) for name, panel in window.panels.items()}
    assert areas == {"timeline": _BELOW, "inspector": _RIGHT, "takes": _RIGHT}
    assert not window.panels["timeline"].isHidden() and not window.panels["takes"].isFloating()


def test_a_damaged_layout_is_as_good_as_none(qtbot: QtBot, preferences: Preferences) -> None:
    preferences.set_bytes("main.state", preferences.bytes("nothing").append(b"garbage"))
    window = _window(preferences)
    qtbot.addWidget(window)
    assert window.panels["inspector"].isVisibleTo(window)


def test_a_tab_needs_no_second_head_and_a_floating_panel_has_one(qtbot: QtBot, window: MainWindow) -> None:
    title = window.panels["takes"].titleBarWidget()
    assert isinstance(title, PanelTitle)
    qtbot.waitUntil(lambda: title.is_folded)
    window.panels["takes"].setFloating(True)
    qtbot.waitUntil(lambda: not title.is_folded)


def test_a_key_goes_from_panel_to_panel(window: MainWindow) -> None:
    window.activateWindow()
    places = []
    for _ in range(3):
        window.actions_table.action("view.next_panel").trigger()
        places.append(window.focusWidget())
    assert len(set(places)) == 3


def test_dropped_files_are_handed_on_and_addresses_of_others_are_not(window: MainWindow) -> None:
    assert _drop(window, "/films/a.png", "https://example.org/b.png") == [Path("/films/a.png")]


def test_the_window_says_no_when_it_may_not_close(window: MainWindow) -> None:
    window.may_close = lambda: False
    assert not window.close()
    assert window.isVisible()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SaveState(SaveKind.SAVED), "Saved"),
        (SaveState(SaveKind.SAVING), "Saving…"),
        (SaveState(SaveKind.FAILED, "The disk is full."), "Not saved"),
    ],
)
def test_the_status_line_says_how_far_the_edits_are(window: MainWindow, state: SaveState, words: str) -> None:
    window.status.show_saving(state)
    assert window.status.text("save") == words


def test_what_goes_on_leaves_the_status_line_when_it_is_over(window: MainWindow) -> None:
    window.status.show_part("export", "Exporting clip 1 of 3", "export", "accent", 0.3)
    window.status.show_part("export", "")
    assert window.status.text("export") == ""


def test_every_action_is_in_a_menu_of_its_name(window: MainWindow) -> None:
    actions = window.actions_table
    for action_id in actions.ids:
        menu = window.menus.menu(actions.row(action_id).menu)
        inside = [menu, *menu.findChildren(QMenu), *(entry.menu() for entry in menu.actions() if entry.menu())]
        assert any(actions.action(action_id) in each.actions() for each in inside), action_id


def test_a_recent_film_opens_from_the_menu(qtbot: QtBot, preferences: Preferences) -> None:
    opened: list[Path] = []
    preferences.add_recent_film(Path("/films/A & B.svi"))
    window = _window(preferences, opened)
    qtbot.addWidget(window)
    menu = next(entry.menu() for entry in window.menus.menu("film").actions() if entry.menu())
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert opened == [Path("/films/A & B.svi")]


def test_every_panel_can_be_shown_from_the_menu(window: MainWindow) -> None:
    window.panels["timeline"].close()
    panels = [entry.menu() for entry in window.menus.menu("view").actions() if entry.menu()][-1]
    next(entry for entry in panels.actions() if entry.text() == "Timeline").trigger()
    assert window.panels["timeline"].isVisible()


def test_the_head_of_a_panel_closes_it(window: MainWindow) -> None:
    title = window.panels["timeline"].titleBarWidget()
    assert title.childAt(QPoint(title.width() - 12, 14)).accessibleName() == "Close Timeline"


def test_a_panel_behind_another_tab_comes_to_the_front_from_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    window.show_panel("inspector")
    panels = [entry.menu() for entry in window.menus.menu("view").actions() if entry.menu()][-1]
    takes = next(entry for entry in panels.actions() if entry.text() == "Takes")
    qtbot.waitUntil(lambda: not takes.isChecked())
    takes.trigger()
    qtbot.waitUntil(lambda: not window.panels["takes"].visibleRegion().isEmpty())
    assert takes.isChecked()


def test_the_key_goes_to_what_a_panel_is_about_and_not_to_its_first_button(qtbot: QtBot, window: MainWindow) -> None:
    panel = QWidget()
    first, cards = QPushButton("Zoom", panel), QLineEdit(panel)
    panel.setFocusProxy(cards)
    window.add_panel("clips", "Clips", panel, _BELOW)
    qtbot.waitUntil(lambda: not window.panels["clips"].visibleRegion().isEmpty())
    window.activateWindow()
    places = []
    for _ in range(4):
        window.actions_table.action("view.next_panel").trigger()
        places.append(window.focusWidget())
    assert cards in places and first not in places
