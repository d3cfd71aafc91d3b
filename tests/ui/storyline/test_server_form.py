"""The user's own server: tried out by a button, its key kept by the keyring and never shown."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.storyline.story_errors import NoAnswer
from svi_studio.ui.storyline.server_form import ServerForm
from svi_studio.ui.storyline.window import StoryWindow
from tests.ui.storyline.conftest import WAIT, MemoryKeyring

KEY = "sk-canary-0123456789"


@pytest.fixture
def form(window: StoryWindow) -> ServerForm:
    window.writer.server.address.show_text("localhost:11434")
    return window.writer.server


def test_the_button_lists_the_models_and_says_that_the_server_answers(qtbot: QtBot, form: ServerForm) -> None:
    form.test.click()
    qtbot.waitUntil(lambda: form.model.count() == 2, timeout=WAIT)
    assert form.model.currentText() == "llava" and form.said.text() == "The server answers. It has 2 models."


def test_a_key_goes_to_the_keyring_of_exactly_that_server(
    qtbot: QtBot, form: ServerForm, keyring: MemoryKeyring
) -> None:
    form.key.setText(KEY)
    form.keep_key.click()
    qtbot.waitUntil(lambda: bool(keyring.kept), timeout=WAIT)
    assert keyring.kept == {"http://localhost:11434": KEY}
    qtbot.waitUntil(lambda: "is kept" in form.key.placeholderText(), timeout=WAIT)


def test_a_key_is_never_shown_and_never_written_down(
    qtbot: QtBot, form: ServerForm, window: StoryWindow, keyring: MemoryKeyring, preferences: Preferences
) -> None:
    assert form.key.echoMode() == QLineEdit.EchoMode.Password
    form.key.setText(KEY)
    form.test.click()
    qtbot.waitUntil(lambda: bool(keyring.kept) and form.model.count() == 2, timeout=WAIT)
    preferences.sync()
    shown = [label.text() for label in window.findChildren(QLabel)]
    shown += [field.text() for field in window.findChildren(QLineEdit)]
    assert not any(KEY in words for words in shown)
    assert not preferences.file.exists() or KEY not in preferences.file.read_text()


def test_a_key_can_be_forgotten(qtbot: QtBot, form: ServerForm, keyring: MemoryKeyring) -> None:
    form.key.setText(KEY)
    form.keep_key.click()
    qtbot.waitUntil(lambda: form.forget_key.isVisibleTo(form), timeout=WAIT)
    form.forget_key.click()
    qtbot.waitUntil(lambda: not keyring.kept, timeout=WAIT)


def test_an_empty_address_is_said_in_a_sentence(form: ServerForm) -> None:
    form.address.show_text("")
    form.test.click()
    assert form.said.text().startswith("There is no address yet")


class TestADownServer:
    @pytest.fixture
    def models(self) -> Callable[..., tuple[str, ...]]:
        def refuse(*_arguments: object) -> tuple[str, ...]:
            raise NoAnswer("Nothing answers at localhost:11434: start the server there.")

        return refuse

    def test_is_told_in_one_sentence_and_can_be_tried_again(self, qtbot: QtBot, form: ServerForm) -> None:
        form.test.click()
        qtbot.waitUntil(lambda: "Nothing answers" in form.said.text(), timeout=WAIT)
        assert form.test.isEnabled()
