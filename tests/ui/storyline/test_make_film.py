"""Make me a film about …: from the first window to a film that renders, by the clicks of a new user, offline."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.preference_names import FILMS_FOLDER
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, keep_choice
from svi_studio.jobs.render import render_service
from svi_studio.ui.storyline.guide import LOOK, PICTURE, STORY, StoryGuide
from svi_studio.ui.storyline.window import StoryWindow
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_panels import FilmPanels
from svi_studio.ui.window.film_window import FilmWindow
from tests.jobs.scripted import scripted_command

WAIT = 60_000


class Mouse:
    """Counts what a user clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible() and widget.isEnabled()
        at = widget.rect().center()
        if isinstance(widget, QAbstractButton):
            at.setX(min(at.x(), 20))
        self.clicks += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_names: object) -> None:
        raise OSError("there is no network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A program that was never used, with a worker that only pretends."""
    command = scripted_command(tmp_path / "worker", steps=100_000, step_seconds=0.02)
    monkeypatch.setattr(render_service, "worker_command", lambda: command)
    briefs = Preferences(tmp_path / "window.ini")
    briefs.set_text(FILMS_FOLDER, str(tmp_path / "films"))
    program = Studio(briefs)
    program.start()
    yield program
    assert program.close()
    program.deleteLater()


def brief(studio: Studio, mouse: Mouse, words: str) -> None:
    """Type into the field of the first window."""
    assert studio.welcome is not None
    card = studio.welcome.window.story
    mouse.click(card.words)
    QTest.keyClicks(card.words, words)


def made_window(qtbot: QtBot, studio: Studio) -> FilmWindow:
    qtbot.waitUntil(lambda: bool(studio.windows), timeout=WAIT)
    return studio.windows[0]


def story_window(qtbot: QtBot, window: FilmWindow) -> StoryWindow:
    parts = window.parts
    assert isinstance(parts, FilmPanels)
    qtbot.waitUntil(lambda: parts.story.window is not None, timeout=WAIT)
    assert parts.story.window is not None
    return parts.story.window


def guide_of(window: StoryWindow) -> StoryGuide:
    assert window.guide is not None
    return window.guide


def test_a_red_boat_renders_after_two_clicks(qtbot: QtBot, studio: Studio) -> None:
    mouse = Mouse()
    brief(studio, mouse, "a red boat")
    mouse.click(studio.welcome.window.story.make)  # type: ignore[union-attr]
    window = made_window(qtbot, studio)
    qtbot.waitUntil(lambda: window.rendering.is_busy, timeout=WAIT)
    board = window.film.document.storyboard
    assert mouse.clicks == 2
    assert board.title == "A red boat" and board.reference_image is not None
    assert len(board.clips) == 10 and all("red boat" in clip.prompt or "scene" in clip.prompt for clip in board.clips)
    assert window.film.document.undo_stack.count() == 1
    window.closing.agree()


def test_step_by_step_it_takes_no_more_than_six_clicks_and_nothing_happens_unasked(
    qtbot: QtBot, studio: Studio
) -> None:
    mouse = Mouse()
    brief(studio, mouse, "a red boat")
    card = studio.welcome.window.story  # type: ignore[union-attr]
    mouse.click(card.look)
    mouse.click(card.make)
    window = made_window(qtbot, studio)
    story = story_window(qtbot, window)
    assert guide_of(story).step == PICTURE and [clip.prompt for clip in window.film.document.storyboard.clips] == [""]
    mouse.click(guide_of(story).forward)
    qtbot.waitUntil(lambda: not story.desk.is_busy and not story.desk.is_empty, timeout=WAIT)
    assert guide_of(story).step == STORY and len(window.film.document.storyboard.clips) == 1
    mouse.click(guide_of(story).forward)
    qtbot.waitUntil(lambda: guide_of(story).step == LOOK and guide_of(story).forward.isEnabled(), timeout=WAIT)
    assert not window.rendering.is_busy
    mouse.click(guide_of(story).forward)
    qtbot.waitUntil(lambda: window.rendering.is_busy, timeout=WAIT)
    assert mouse.clicks == 6 and not story.isVisible() and story.guide is None
    window.closing.agree()


def test_a_subject_without_a_picture_stops_at_the_picture_and_says_so(qtbot: QtBot, studio: Studio) -> None:
    studio.make_film_about("quantum thoughts", seed=1)
    window = made_window(qtbot, studio)
    story = story_window(qtbot, window)
    assert guide_of(story).step == PICTURE and not guide_of(story).forward.isEnabled()
    assert "No ready-made picture" in story.banners.shown["notice"].text
    assert story.brief.words == "quantum thoughts"


def test_a_server_that_is_down_leads_to_the_story_s_window_where_templates_can_help(
    qtbot: QtBot, studio: Studio
) -> None:
    keep_choice(studio.preferences, WriterChoice(WriterKind.SERVER, "127.0.0.1:1", "llava"))
    studio.make_film_about("a red boat", seed=1)
    window = made_window(qtbot, studio)
    story = story_window(qtbot, window)
    qtbot.waitUntil(story.panel.failure.isVisible, timeout=WAIT)
    assert "127.0.0.1:1" in story.panel.failure.sentence.text() and not window.rendering.is_busy
    with qtbot.waitSignal(story.desk.written, timeout=WAIT):
        story.panel.failure.templates.click()
    assert len(story.desk.chosen) == 10


def test_blank_words_make_no_film(studio: Studio) -> None:
    assert studio.welcome is not None
    card = studio.welcome.window.story
    QTest.keyClicks(card.words, "   ")
    assert not card.make.isEnabled()


def test_who_writes_is_said_before(qtbot: QtBot, studio: Studio) -> None:
    assert studio.welcome is not None
    words = studio.welcome.window.story.writer
    qtbot.waitUntil(lambda: "templates" in words.text(), timeout=WAIT)
