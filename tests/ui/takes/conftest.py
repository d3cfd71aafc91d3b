"""A takes panel over a real film with takes on the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.takes import TakesPanel
from tests.builders.open_films import open_new_film, put_take, storyboard


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips in one chain, planned; the first one is selected and has the take of its settings."""
    opened = open_new_film(tmp_path, storyboard(3))
    qtbot.waitUntil(lambda: opened.states.job("c3") is not None)
    add_take(qtbot, opened, "c1")
    yield opened
    opened.close()


@pytest.fixture
def panel(qtbot: QtBot, film: OpenFilm) -> TakesPanel:
    """The takes of the current clip, on the screen."""
    thumbnails = Thumbnails()

    def close(_: object) -> None:
        film.close()
        thumbnails.close()

    panel = TakesPanel(film, Actions(), thumbnails)
    qtbot.addWidget(panel, before_close_func=close)
    panel.resize(320, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def add_take(qtbot: QtBot, film: OpenFilm, clip_id: str, **changes: object) -> str:
    """Another take of a clip, made with other values; returns its hash when the film knows it."""
    job = film.states.job(clip_id)
    assert job is not None
    take = put_take(film, job, **changes)
    qtbot.waitUntil(lambda: film.takes.has(take))
    return take


def settle(qtbot: QtBot, panel: TakesPanel, count: int) -> None:
    """Wait until the panel shows so many takes."""
    qtbot.waitUntil(lambda: len(panel.list.takes.looks) == count)
