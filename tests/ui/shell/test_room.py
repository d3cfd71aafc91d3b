"""On a screen of 1280 x 800 the picture has the room, and no page is mostly empty or says a thing again and again."""

from collections import Counter
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from svi_studio.ui.storyline.empty_desk import EmptyDesk
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_panels import FilmPanels
from svi_studio.ui.window.film_window import FilmWindow
from tests.photographs import photograph_file
from tests.ui.shell.conftest import OpenWindow
from tests.ui.shell.test_studio import make_film

SMALL = (1280, 800)


def small_window(qtbot: QtBot, window: FilmWindow) -> FilmPanels:
    assert isinstance(window.parts, FilmPanels)
    window.resize(*SMALL)
    window.reset_layout()
    qtbot.waitUntil(lambda: window.film.states.facts is not None, timeout=20_000)
    QApplication.processEvents()
    return window.parts


def filled(parts: FilmPanels) -> float:
    """The share of the width of the picture area that the picture has."""
    canvas = parts.preview.area.canvas
    return canvas.picture_place().width() / canvas.width()


def test_the_picture_fills_its_area_also_below_a_message(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(make_film(tmp_path))
    parts = small_window(qtbot, window)
    assert filled(parts) >= 0.55
    window.banners.tell("any", "info", "One message above the picture.")
    QApplication.processEvents()
    assert filled(parts) >= 0.45


def test_no_sentence_is_on_the_screen_more_than_twice(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(make_film(tmp_path))
    parts = small_window(qtbot, window)
    window.film.commands.pictures.set_reference(photograph_file(tmp_path / "me.png"))
    qtbot.waitUntil(parts.bar.other_model.isVisible, timeout=20_000)
    said = Counter(label.text() for label in window.findChildren(QLabel) if " " in label.text() and label.isVisible())
    assert said and max(said.values()) <= 2


def test_the_welcome_offers_enough_to_begin_with_to_fill_its_page(qtbot: QtBot, studio: Studio) -> None:
    welcome = studio.show_welcome().window
    welcome.resize(*SMALL)
    qtbot.waitUntil(lambda: bool(welcome.lists.ready_made and welcome.lists.examples), timeout=20_000)
    QApplication.processEvents()
    cards = [*welcome.lists.examples, *welcome.lists.ready_made]
    assert sum(card.width() * card.height() for card in cards) > 0.25 * SMALL[0] * SMALL[1]
    assert max(card.mapTo(welcome, card.rect().bottomRight()).x() for card in cards) > 0.85 * SMALL[0]


def test_a_ready_made_picture_on_the_welcome_becomes_a_film(qtbot: QtBot, studio: Studio) -> None:
    welcome = studio.show_welcome().window
    qtbot.waitUntil(lambda: bool(welcome.lists.ready_made), timeout=20_000)
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        welcome.lists.ready_made[1].click()
    assert studio.windows[0].film.path.name == "boat-orange-beach.svi"


def test_the_empty_desk_offers_wishes_to_try(qtbot: QtBot) -> None:
    desk = EmptyDesk()
    qtbot.addWidget(desk)
    desk.resize(912, 800)
    desk.show()
    with qtbot.waitSignal(desk.idea_chosen) as chosen:
        desk.ideas[0].click()
    assert chosen.args == ["a red boat at the beach, then at night"]
    assert sum(button.width() * button.height() for button in desk.ideas) > 0.2 * 912 * 800
