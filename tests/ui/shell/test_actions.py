"""Actions: one table, handlers that panels attach, and keys that leave typing alone."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.ui.actions.action_table import MENUS, rows_by_id
from svi_studio.ui.actions.window_actions import Actions


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    body = QWidget()
    column = QVBoxLayout(body)
    for widget in (QLineEdit(), QSpinBox(), QPushButton("Press")):
        column.addWidget(widget)
    window.setCentralWidget(body)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def _calls(window: QMainWindow, action_id: str) -> list[str]:
    actions = Actions(window)
    actions.add_to(window)
    calls: list[str] = []
    actions.connect_action(action_id, lambda *_: calls.append(action_id))
    return calls


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(key for row in rows_by_id().values() for key in row.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_action_stands_in_a_menu() -> None:
    assert {row.menu for row in rows_by_id().values()} == {name for name, _ in MENUS}


def test_an_action_without_a_handler_is_grey_and_one_with_is_not(qtbot: QtBot) -> None:
    actions = Actions()
    assert not actions.action("clip.duplicate").isEnabled()
    actions.connect_action("clip.duplicate", lambda: None)
    assert actions.action("clip.duplicate").isEnabled()


def test_enabling_an_action_without_a_handler_keeps_it_grey(qtbot: QtBot) -> None:
    actions = Actions()
    actions.set_enabled("clip.duplicate", True)
    assert not actions.action("clip.duplicate").isEnabled()


def test_a_checkable_action_tells_its_handler_the_new_state(qtbot: QtBot) -> None:
    actions = Actions()
    states: list[bool] = []
    actions.connect_action("view.snap", states.append)
    actions.action("view.snap").trigger()
    actions.action("view.snap").trigger()
    assert states == [True, False]


def test_a_state_shown_from_elsewhere_calls_no_handler(qtbot: QtBot) -> None:
    actions = Actions()
    states: list[bool] = []
    actions.connect_action("view.snap", states.append)
    actions.set_checked("view.snap", True)
    assert states == []


def test_a_key_works_in_the_window(window: QMainWindow) -> None:
    calls = _calls(window, "clip.reroll")
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_R)
    assert calls == ["clip.reroll"]


@pytest.mark.parametrize(
    ("action_id", "key"),
    [
        ("clip.reroll", Qt.Key.Key_R),
        ("play.toggle", Qt.Key.Key_Space),
        ("clip.delete", Qt.Key.Key_Delete),
        ("play.next_edit", Qt.Key.Key_Down),
        ("take.rate_3", Qt.Key.Key_3),
        ("play.go_to_in", Qt.Key.Key_I),
    ],
)
@pytest.mark.parametrize("field", [QLineEdit, QSpinBox])
def test_a_plain_key_typed_into_a_field_starts_no_action(
    window: QMainWindow, qtbot: QtBot, field: type[QWidget], action_id: str, key: Qt.Key
) -> None:
    calls = _calls(window, action_id)
    typed = window.centralWidget().findChild(field)
    typed.setFocus()
    shift = Qt.KeyboardModifier.ShiftModifier if action_id == "play.go_to_in" else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(typed, key, shift)
    assert calls == []


def test_a_key_with_control_works_while_typing(window: QMainWindow) -> None:
    calls = _calls(window, "render.stale")
    field = window.centralWidget().findChild(QLineEdit)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert calls == ["render.stale"]


def test_space_presses_the_button_in_focus_and_does_not_play(window: QMainWindow, qtbot: QtBot) -> None:
    calls = _calls(window, "play.toggle")
    button = window.centralWidget().findChild(QPushButton)
    button.setFocus()
    with qtbot.waitSignal(button.clicked, timeout=1000):
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert calls == []


def test_other_keys_replace_those_of_the_table(qtbot: QtBot) -> None:
    actions = Actions(keys={"clip.reroll": ("Ctrl+G",), "clip.duplicate": ()})
    assert actions.keys("clip.reroll") == ("Ctrl+G",)
    assert actions.keys("clip.duplicate") == ()


def test_the_tip_of_a_button_names_the_key(qtbot: QtBot) -> None:
    assert Actions().action("clip.reroll").toolTip() == "Re-roll the seed (R)"


def test_no_icon_hides_whether_a_toggle_of_the_menu_is_on(qtbot: QtBot) -> None:
    actions = Actions()
    toggles = [actions.action(action_id) for action_id in actions.ids if actions.action(action_id).isCheckable()]
    assert len(toggles) > 5
    assert [action.objectName() for action in toggles if action.isIconVisibleInMenu()] == []
