"""The window "Write a story" over a real film, with a writer that does what a test tells it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.document.story.story_server import StoryServer
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind
from svi_studio.net.keys import KeyStore
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.storyline.film_story import FilmStory
from svi_studio.ui.storyline.window import StoryWindow
from svi_studio.ui.window.film_panels import FilmPanels, make_film_window
from svi_studio.ui.window.film_window import FilmWindow
from tests.builders.open_films import open_new_film, storyboard
from tests.scripted_writer import ScriptedWriter

WAIT = 20_000


class MemoryKeyring:
    """A keyring that forgets all at the end of the test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop(username)


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips in one chain."""
    opened = open_new_film(tmp_path, storyboard(3))
    yield opened
    opened.close()


@pytest.fixture
def writer() -> ScriptedWriter:
    return ScriptedWriter()


@pytest.fixture
def chosen() -> list[WriterChoice]:
    """The writers that were asked for."""
    return []


@pytest.fixture
def models() -> Callable[..., tuple[str, ...]]:
    """What the user's server answers."""
    return lambda _address, _key, _cancelled: ("llava", "qwen2.5vl")


@pytest.fixture
def window(
    qtbot: QtBot,
    film: OpenFilm,
    preferences: Preferences,
    writer: ScriptedWriter,
    chosen: list[WriterChoice],
    keyring: MemoryKeyring,
    models: Callable[..., tuple[str, ...]],
) -> Iterator[StoryWindow]:
    """On the screen, with nothing wished for yet."""
    desk = StoryDesk(film, film)
    server = StoryServer(KeyStore(keyring), film, models)
    thumbnails = Thumbnails(film)

    def use(choice: WriterChoice) -> None:
        chosen.append(choice)
        desk.make_writer = lambda: writer
        desk.can_use_templates = choice.kind is not WriterKind.TEMPLATES

    made = StoryWindow(film, desk, server, preferences, thumbnails, use)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()
    server.close()
    desk.close()
    thumbnails.close()


@pytest.fixture
def film_window(qtbot: QtBot, tmp_path: Path, preferences: Preferences) -> Iterator[FilmWindow]:
    film = open_new_film(tmp_path, storyboard(3))
    window = make_film_window(film, Actions(), preferences, lambda _path: None)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.closing.agree()
    window.close()


@pytest.fixture
def story(film_window: FilmWindow) -> FilmStory:
    assert isinstance(film_window.parts, FilmPanels)
    return film_window.parts.story


def write(qtbot: QtBot, window: StoryWindow, words: str = "a red boat", clips: int = 3) -> None:
    """Wish for a story and wait until it is there."""
    window.brief.set_words(words)
    window.brief.clips.show_value(clips)
    with qtbot.waitSignal(window.desk.written, timeout=WAIT):
        window.go.click()
