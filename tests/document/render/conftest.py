"""Render queues with scripted workers, shut down after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.render.queue import RenderQueue
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.render.render_turn import RenderTurn
from tests.jobs.scripted import scripted_command

MakeQueue = Callable[..., RenderQueue]


@pytest.fixture
def make_queue(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeQueue]:
    """A queue with a scripted worker, in the same folder each time."""
    made: list[RenderQueue] = []

    def make(turn: RenderTurn | None = None, folder: Path = tmp_path, **script: object) -> RenderQueue:
        folder.mkdir(exist_ok=True)
        service = RenderService(command=scripted_command(folder / "worker", **script))
        made.append(RenderQueue(folder, service, turn=turn))
        return made[-1]

    yield make
    for queue in made:
        assert queue.close()
        assert queue.service.shutdown()
