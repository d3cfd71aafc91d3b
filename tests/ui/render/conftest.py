"""A real film with a real queue; only the worker's process is not there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.queue import RenderQueue
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.render.bar import RenderBar
from tests.builders.open_films import open_new_film, put_take, storyboard
from tests.ui.render.still_service import StillService

Render = Callable[..., None]


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Four clips in one chain, planned, without takes."""
    opened = open_new_film(tmp_path, storyboard(4))
    qtbot.waitUntil(lambda: opened.states.job("c4") is not None and opened.takes.is_scanned)
    yield opened
    opened.close()


@pytest.fixture
def rendered(qtbot: QtBot, film: OpenFilm) -> Render:
    """Give the clips with these ids the takes of their present settings."""

    def put(*clip_ids: str) -> None:
        film.states.settle()
        for clip_id in clip_ids:
            job = film.states.job(clip_id)
            assert job is not None
            take = put_take(film, job)
            qtbot.waitUntil(lambda take=take: film.takes.has(take))

    return put


@pytest.fixture
def service(qtbot: QtBot) -> StillService:
    return StillService()


@pytest.fixture
def queue(qtbot: QtBot, film: OpenFilm, service: StillService) -> Iterator[RenderQueue]:
    opened = RenderQueue(film.path, service)  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def actions(qtbot: QtBot) -> Actions:
    return Actions()


@pytest.fixture
def bar(qtbot: QtBot, film: OpenFilm, queue: RenderQueue, actions: Actions) -> RenderBar:
    """The bar on the screen, as wide as a small window."""
    made = RenderBar(film, queue, actions)
    qtbot.addWidget(made)
    made.resize(1200, 60)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.commands.offer.total == 4)
    return made
