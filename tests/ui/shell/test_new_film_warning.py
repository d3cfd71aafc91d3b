"""A new user with a photograph, or with words of their own, before any film is made."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.ui.studio import Studio
from svi_studio.ui.welcome.welcome_window import WelcomeWindow
from svi_studio.ui.window.banner import Banner
from tests.photographs import photograph_file
from tests.weights.test_catalogue import whole_model

BANNER = "new-film"
PICTURE = "The bundled model draws only its paper theatre; your picture would fall apart."


@pytest.fixture
def welcome(studio: Studio) -> WelcomeWindow:
    return studio.show_welcome().window


def told(qtbot: QtBot, welcome: WelcomeWindow) -> Banner:
    qtbot.waitUntil(lambda: BANNER in welcome.banners.shown, timeout=20_000)
    return welcome.banners.shown[BANNER]


def press(banner: Banner, words: str) -> None:
    next(button for button in banner.findChildren(QPushButton) if button.text() == words).click()


def test_a_photograph_is_warned_of_before_a_film_is_made(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path
) -> None:
    welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    banner = told(qtbot, welcome)
    assert banner.text == PICTURE
    assert [button.text() for button in banner.findChildren(QPushButton)] == [
        "Ready-made picture…",
        "Get another model…",
        "Use it anyway",
    ]
    assert welcome.lists.isEnabled(), "everything can be pressed again"
    assert not studio.windows and not (tmp_path / "films").exists()


def test_a_photograph_is_used_when_the_user_wants_it_all_the_same(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path
) -> None:
    welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        press(told(qtbot, welcome), "Use it anyway")
    assert studio.windows[0].film.path.name == "me.svi"


def test_a_ready_made_picture_is_one_click_away(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path
) -> None:
    from svi_studio.ui.storyline.ready_made_dialog import ReadyMadeDialog

    welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    press(told(qtbot, welcome), "Ready-made picture…")
    qtbot.waitUntil(lambda: bool(welcome.findChildren(ReadyMadeDialog)), timeout=20_000)
    dialog = welcome.findChildren(ReadyMadeDialog)[0]
    assert dialog.grid.count == 252
    qtbot.waitUntil(dialog.words.hasFocus)
    qtbot.keyClicks(dialog.words, "red boat, beach")
    assert dialog.grid.count == 1
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        dialog._take(dialog._pictures[0])
    assert studio.windows[0].film.path.name.startswith("ball-")


def test_whoever_takes_no_ready_made_picture_can_still_go_on_with_the_photograph(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path
) -> None:
    from svi_studio.ui.storyline.ready_made_dialog import ReadyMadeDialog

    welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    press(told(qtbot, welcome), "Ready-made picture…")
    qtbot.waitUntil(lambda: bool(welcome.findChildren(ReadyMadeDialog)), timeout=20_000)
    welcome.findChildren(ReadyMadeDialog)[0].reject()
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        press(told(qtbot, welcome), "Use it anyway")
    assert studio.windows[0].film.path.name == "me.svi"


@pytest.mark.parametrize("what", ["picture", "words"])
def test_whoever_reads_about_other_models_is_still_asked(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path, what: str
) -> None:
    if what == "picture":
        welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    else:
        welcome.story.wanted.emit("my holiday in Paris with my dog", False)
    words = told(qtbot, welcome).text
    press(welcome.banners.shown[BANNER], "Get another model…")
    assert welcome.banners.shown[BANNER].text == words
    assert not studio.windows


def test_words_that_the_model_does_not_know_stop_the_making(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path
) -> None:
    welcome.story.words.setText("my holiday in Paris with my dog")
    welcome.story.wanted.emit("my holiday in Paris with my dog", False)
    banner = told(qtbot, welcome)
    assert banner.text.startswith('The bundled model does not know "holiday", "Paris" and "dog".')
    assert not studio.windows and not (tmp_path / "films").exists()
    press(banner, "Use words it knows")
    assert " cat " in welcome.story.words.text()
    assert BANNER not in welcome.banners.shown


def test_words_that_the_model_knows_are_filmed_at_once(qtbot: QtBot, studio: Studio, welcome: WelcomeWindow) -> None:
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        welcome.story.wanted.emit("a red boat", False)
    assert BANNER not in welcome.banners.shown


def test_a_model_on_this_computer_that_draws_anything_is_offered_by_its_name(
    qtbot: QtBot, studio: Studio, welcome: WelcomeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_model(tmp_path / "models" / "big")
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    welcome.dropped.emit([photograph_file(tmp_path / "me.png")])
    assert told(qtbot, welcome).findChildren(QPushButton)[0].text() == "Use big", "the way on comes first"
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        press(told(qtbot, welcome), "Use big")
    assert studio.windows[0].film.document.storyboard.model == "big"
