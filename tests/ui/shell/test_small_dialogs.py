"""About, preferences, hardware, crash, relink: what they say and what they keep."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio import __version__
from svi_studio.document.preference_names import MODELS_FOLDERS, SOUND_DEVICE, SOUND_INPUT, use_models_folders
from svi_studio.document.preferences import Preferences
from svi_studio.document.welcome.looks import Looks
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.jobs.threads.background import Background
from svi_studio.ui.dialogs.about import AboutDialog
from svi_studio.ui.dialogs.crash import CrashDialog
from svi_studio.ui.dialogs.hardware import HardwareDialog, show_hardware
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.dialogs.preferences import PreferencesDialog
from svi_studio.ui.dialogs.relink import RelinkDialog
from svi_studio.weights.catalogue import find_models, models_folders
from tests.builders.open_films import open_new_film, storyboard


def _words(dialog: PlainDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def _press(dialog: PlainDialog, text: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == text).click()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


def test_about_tells_the_version(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert __version__ in _words(dialog) and "Qt" in dialog.versions


def test_the_look_chosen_in_the_preferences_is_kept_at_once(qtbot: QtBot, preferences: Preferences) -> None:
    dialog = PreferencesDialog(preferences)
    qtbot.addWidget(dialog)
    box = dialog.findChild(QComboBox)
    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())
    assert preferences.theme == "dark"


def test_each_message_can_be_switched_and_those_of_single_clips_are_off_at_first(
    qtbot: QtBot, preferences: Preferences
) -> None:
    dialog = PreferencesDialog(preferences)
    qtbot.addWidget(dialog)
    each_clip, each_render = dialog.findChildren(QCheckBox)[:2]
    assert (each_clip.isChecked(), each_render.isChecked()) == (False, True)
    each_clip.click()
    each_render.click()
    assert preferences.flag("notify_clip_done")
    assert not preferences.flag("notify_film_done", default=True)


def test_the_microphone_is_chosen_beside_the_device_that_plays(qtbot: QtBot, preferences: Preferences) -> None:
    preferences.set_text(SOUND_DEVICE, "Headphones")
    dialog = PreferencesDialog(
        preferences, None, lambda then: then(("Speakers",)), lambda then: then(("Microphone", "Interface"))
    )
    qtbot.addWidget(dialog)
    boxes = {box.accessibleName(): box for box in dialog.findChildren(QComboBox)}
    box = boxes["Microphone"]
    assert [box.itemData(place) for place in range(box.count())] == ["", "Microphone", "Interface"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert preferences.text(SOUND_INPUT) == "Interface"
    assert preferences.text(SOUND_DEVICE) == boxes["Sound device"].currentData() == "Headphones"


def test_a_models_folder_can_be_taken_off_the_list(qtbot: QtBot, preferences: Preferences) -> None:
    preferences.set_text(MODELS_FOLDERS, os.pathsep.join(["/models/a", "/models/b"]))
    dialog = PreferencesDialog(preferences)
    qtbot.addWidget(dialog)
    dialog.findChild(QListWidget).setCurrentRow(0)
    _press(dialog, "Remove")
    assert preferences.text(MODELS_FOLDERS) == "/models/b"


def test_models_are_looked_for_in_the_folders_of_the_preferences(
    preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVI_MODELS", "")
    preferences.set_text(MODELS_FOLDERS, "/models/a")
    use_models_folders(preferences)
    assert Path("/models/a") in models_folders()


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        ((), "The bundled model renders well without one"),
        ((GraphicsCard("RTX 4070", 12 << 30),), "RTX 4070, 12 GB"),
        ((GraphicsCard("RTX 4090", 24 << 30),), "Wan 2.2 I2V A14B as fp8"),
        ((GraphicsCard("GTX 1650", 4 << 30),), "No large model fits"),
    ],
)
def test_the_page_about_the_computer_says_what_a_card_means(
    qtbot: QtBot, cards: tuple[GraphicsCard, ...], words: str
) -> None:
    dialog = HardwareDialog(Path("/models"))
    qtbot.addWidget(dialog)
    dialog.show_found(Hardware("A processor", 8, 16 << 30, cards, 10**11), find_models())
    assert words in _words(dialog) and "svi-mini" in _words(dialog)


def test_the_page_about_the_computer_may_be_closed_while_it_looks(qtbot: QtBot) -> None:
    work = Background("look")
    dialog = show_hardware(Looks(work), None)
    dialog.close()
    dialog.deleteLater()
    done: list[bool] = []
    work.submit(lambda: True, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    work.close()


def test_the_crash_box_shows_everything_before_anyone_else_sees_it(qtbot: QtBot) -> None:
    dialog = CrashDialog("ValueError: 3", Path("/logs/crash.log"))
    qtbot.addWidget(dialog)
    assert "Nothing was sent to anyone" in _words(dialog) and not dialog.quit_wanted
    _press(dialog, "Quit")
    assert dialog.quit_wanted


def test_the_dialog_for_missing_files_closes_when_all_are_there_again(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_new_film(tmp_path, storyboard(1))
    name = film.document.storyboard.reference_image
    assert name is not None
    (film.path / name).rename(tmp_path / "moved.png")
    film.missing.look()
    qtbot.waitUntil(lambda: film.missing.names == (name,), timeout=20_000)
    dialog = RelinkDialog(film.missing)
    qtbot.addWidget(dialog)
    dialog.show()
    assert Path(name).name in _words(dialog)
    film.missing.relink(name, tmp_path / "moved.png")
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=20_000)
    film.close()


def test_a_folder_without_the_missing_files_is_told_in_the_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_new_film(tmp_path, storyboard(1))
    name = film.document.storyboard.reference_image
    assert name is not None
    (film.path / name).unlink()
    film.missing.look()
    qtbot.waitUntil(lambda: film.missing.names == (name,), timeout=20_000)
    dialog = RelinkDialog(film.missing)
    qtbot.addWidget(dialog)
    dialog.show()
    (tmp_path / "empty").mkdir()
    film.missing.relink_from(tmp_path / "empty")
    qtbot.waitUntil(lambda: "None of the missing files" in _words(dialog), timeout=20_000)
    film.close()


def test_the_preferences_lead_to_the_access_token(qtbot: QtBot, preferences: Preferences) -> None:
    dialog = PreferencesDialog(preferences)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.token_wanted):
        _press(dialog, "Access token…")
