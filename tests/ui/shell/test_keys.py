"""Presets and the editor of keyboard shortcuts: no two actions on one key, ever."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.ui.actions.action_table import rows_by_id
from svi_studio.ui.actions.key_presets import PRESETS, plain_key, preset_keys, preset_of
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.dialogs.shortcuts import ShortcutsDialog


def conflicts(keys: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Keys that more than one action has -> those actions."""
    owners: dict[str, list[str]] = {}
    for action_id, own in keys.items():
        for key in dict.fromkeys(plain_key(each) for each in own):
            owners.setdefault(key, []).append(action_id)
    return {key: ids for key, ids in owners.items() if len(ids) > 1}


@pytest.mark.parametrize("name", list(PRESETS))
def test_no_preset_has_two_actions_on_one_key(name: str) -> None:
    assert conflicts(preset_keys(name)) == {}


@pytest.mark.parametrize("name", list(PRESETS))
def test_presets_name_only_actions_and_keys_that_exist(name: str) -> None:
    assert PRESETS[name].keys() <= rows_by_id().keys()
    assert all(QKeySequence(key).toString() for keys in PRESETS[name].values() for key in keys)


def test_a_preset_is_recognised_by_its_keys() -> None:
    assert [preset_of(preset_keys(name)) for name in PRESETS] == list(PRESETS)


def test_two_ways_to_write_a_key_are_the_same_key() -> None:
    assert plain_key("ctrl+shift+z") == plain_key("Ctrl+Shift+Z")


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def dialog(qtbot: QtBot, preferences: Preferences) -> ShortcutsDialog:
    actions = Actions()
    made = ShortcutsDialog(actions, preferences)
    actions.setParent(made)
    qtbot.addWidget(made)
    made.show()
    return made


def _press_button(dialog: ShortcutsDialog, text: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == text).click()


def test_the_editor_says_who_has_a_key_before_it_is_taken_away(dialog: ShortcutsDialog) -> None:
    dialog.choose("clip.reroll")
    dialog.press("B")
    assert any("Start fresh here" in label.text() for label in dialog.findChildren(QLabel))


def test_setting_a_key_takes_it_from_the_one_that_had_it(dialog: ShortcutsDialog) -> None:
    dialog.choose("clip.reroll")
    dialog.press("Ctrl+Y")
    _press_button(dialog, "Set")
    assert dialog.keys["clip.reroll"] == ("Ctrl+Y",)
    assert dialog.keys["edit.redo"] == ("Ctrl+Shift+Z",)
    assert conflicts(dialog.keys) == {}


def test_an_action_can_be_left_without_a_key(dialog: ShortcutsDialog) -> None:
    dialog.choose("clip.reroll")
    _press_button(dialog, "No key")
    assert dialog.keys["clip.reroll"] == ()


def test_saving_keeps_what_differs_from_the_programs_own_keys(
    dialog: ShortcutsDialog, preferences: Preferences
) -> None:
    dialog.choose("clip.reroll")
    dialog.press("Ctrl+G")
    _press_button(dialog, "Set")
    _press_button(dialog, "Save")
    assert preferences.keys == {"clip.reroll": ("Ctrl+G",)}


def test_going_back_to_the_programs_keys_leaves_nothing_behind(
    dialog: ShortcutsDialog, preferences: Preferences
) -> None:
    preferences.set_keys("clip.reroll", ("Ctrl+G",))
    _press_button(dialog, "Save")
    assert preferences.keys == {}


def test_cancelling_changes_nothing(dialog: ShortcutsDialog, preferences: Preferences) -> None:
    dialog.choose("clip.reroll")
    _press_button(dialog, "No key")
    _press_button(dialog, "Cancel")
    assert preferences.keys == {}


def test_a_preset_puts_all_its_keys_in_place(dialog: ShortcutsDialog) -> None:
    presets = dialog.findChild(QComboBox)
    presets.setCurrentIndex(presets.findData("Like Shotcut"))
    presets.activated.emit(presets.currentIndex())
    assert dialog.keys == preset_keys("Like Shotcut")


def test_the_search_finds_actions_by_words_and_by_keys(dialog: ShortcutsDialog) -> None:
    for typed, found in (("re-roll", "clip.reroll"), ("ctrl+e", "film.export")):
        dialog.findChild(QLineEdit).setText(typed)
        assert found in dialog.found
