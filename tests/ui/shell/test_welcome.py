"""The welcome: what it shows, what it leads to, and what it says of things that it cannot use."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from svi_studio.ui.studio import Studio
from svi_studio.ui.welcome.welcome_window import WelcomeWindow
from tests.builders.open_films import picture, theatre_picture
from tests.ui.shell.test_studio import make_film


@pytest.fixture
def welcome(studio: Studio) -> WelcomeWindow:
    return studio.show_welcome().window


def _words(window: WelcomeWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_without_films_it_shows_how_to_begin_and_no_empty_list(qtbot: QtBot, welcome: WelcomeWindow) -> None:
    qtbot.waitUntil(lambda: "Start from a ready-made picture" in _words(welcome), timeout=20_000)
    assert "Recent films" not in _words(welcome)


def test_the_examples_that_come_with_the_program_are_there(qtbot: QtBot, welcome: WelcomeWindow) -> None:
    qtbot.waitUntil(lambda: len(welcome.lists.examples) == 5, timeout=10_000)


def test_recent_films_are_shown_with_title_and_clips(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    studio.preferences.add_recent_film(make_film(tmp_path))
    lists = studio.show_welcome().window.lists
    qtbot.waitUntil(lambda: len(lists.recent) == 1, timeout=10_000)
    assert lists.recent[0].accessibleName() == "Puppet, 3 clips · today"


def test_films_that_are_gone_are_left_out(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    studio.preferences.add_recent_film(tmp_path / "Gone.svi")
    studio.preferences.add_recent_film(make_film(tmp_path))
    lists = studio.show_welcome().window.lists
    qtbot.waitUntil(lambda: len(lists.recent) == 1, timeout=10_000)


def test_pressing_a_recent_film_opens_it(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    film = make_film(tmp_path)
    studio.preferences.add_recent_film(film)
    lists = studio.show_welcome().window.lists
    qtbot.waitUntil(lambda: len(lists.recent) == 1, timeout=10_000)
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        QTest.keyClick(lists.recent[0], Qt.Key.Key_Space)
    assert studio.windows[0].film.path == film


def test_a_film_taken_off_the_list_stays_on_the_disk(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    film = make_film(tmp_path)
    studio.preferences.add_recent_film(film)
    lists = studio.show_welcome().window.lists
    qtbot.waitUntil(lambda: len(lists.recent) == 1, timeout=10_000)
    lists.forget_film.emit(film)
    qtbot.waitUntil(lambda: len(lists.recent) == 0, timeout=10_000)
    assert (film / "project.json").is_file()


def test_the_computer_and_its_models_are_told_in_plain_words(qtbot: QtBot, welcome: WelcomeWindow) -> None:
    qtbot.waitUntil(lambda: "svi-mini" in _words(welcome), timeout=20_000)
    assert "memory" in _words(welcome)


def test_a_dropped_picture_becomes_a_film(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    welcome = studio.show_welcome().window
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        welcome.dropped.emit([theatre_picture(tmp_path / "Sea.png")])
    assert studio.windows[0].film.path.name == "Sea.svi"


def test_a_dropped_film_opens(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    welcome = studio.show_welcome().window
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        welcome.dropped.emit([make_film(tmp_path)])


def test_a_file_of_a_wrong_kind_costs_one_calm_sentence(welcome: WelcomeWindow) -> None:
    welcome.dropped.emit([Path("/home/song.mid")])
    assert welcome.banners.shown["failed"].text.startswith("“song.mid” is nothing that can be used here")
    welcome.dropped.emit([Path("/home/song.mp3")])
    assert welcome.banners.shown["failed"].text == "“song.mp3” is a sound: open a film, and drop it there."


def _bomb(path: Path) -> Path:
    """A PNG of 65,000 x 65,000 pixels in a few bytes."""
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


@pytest.mark.parametrize("kind", ["bomb", "text", "cut off"])
def test_a_bad_picture_is_refused_in_a_sentence_and_leaves_nothing(
    qtbot: QtBot, studio: Studio, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bad.png"
    if kind == "bomb":
        _bomb(path)
    else:
        path.write_bytes(b"hello" if kind == "text" else picture(tmp_path / "good.png").read_bytes()[:60])
    welcome = studio.show_welcome().window
    welcome.dropped.emit([path])
    qtbot.waitUntil(lambda: "failed" in welcome.banners.shown, timeout=20_000)
    assert studio.windows == [] and not (tmp_path / "films").exists()


def test_the_arrow_keys_go_from_card_to_card(qtbot: QtBot, welcome: WelcomeWindow) -> None:
    qtbot.waitUntil(lambda: len(welcome.lists.examples) == 5, timeout=10_000)
    first, second = welcome.lists.examples[:2]
    welcome.activateWindow()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
