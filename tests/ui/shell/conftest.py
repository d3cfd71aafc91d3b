"""A running program in a folder of its own, closed after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.preference_names import FILMS_FOLDER
from svi_studio.document.preferences import Preferences
from svi_studio.jobs.render import render_service
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_window import FilmWindow
from tests.jobs.scripted import scripted_command

OpenWindow = Callable[[Path], FilmWindow]


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    wishes = Preferences(tmp_path / "window.ini")
    wishes.set_text(FILMS_FOLDER, str(tmp_path / "films"))
    return wishes


@pytest.fixture
def studio(qtbot: QtBot, preferences: Preferences, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The program with a scripted worker; nothing is shown yet."""
    command = scripted_command(tmp_path / "worker", steps=100_000, step_seconds=0.02)
    monkeypatch.setattr(render_service, "worker_command", lambda: command)
    program = Studio(preferences)
    yield program
    assert program.close()
    program.deleteLater()


@pytest.fixture
def open_window(qtbot: QtBot, studio: Studio) -> OpenWindow:
    """Open a film in a window and wait until it stands."""

    def open_one(path: Path) -> FilmWindow:
        with qtbot.waitSignal(studio.film_shown, timeout=20_000) as shown:
            studio.open_film(path)
        window: FilmWindow = shown.args[0]
        qtbot.waitUntil(lambda: window.film.takes.is_scanned, timeout=20_000)
        return window

    return open_one
