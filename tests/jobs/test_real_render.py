"""The real worker with the bundled model behind the real render service."""

import os
import signal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.render.events import ClipDone, ClipReused, StepDone
from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome
from svi_studio.pipes.render_messages import Hello, RenderMessage
from tests.worker.piped_worker import example_project


@pytest.mark.slow
def test_a_worker_that_is_killed_within_a_clip_costs_that_clip_only(qtbot: QtBot, tmp_path: Path) -> None:
    folder, storyboard = example_project(tmp_path)
    service = RenderService()
    heard: list[object] = []
    hellos: list[Hello] = []
    ends: list[FilmEnded] = []
    killed: list[int] = []

    def listen(message: RenderMessage) -> None:
        heard.append(message.event)
        if isinstance(message.event, StepDone) and message.event.index == 1 and not killed:
            killed.append(hellos[0].pid)
            os.kill(hellos[0].pid, signal.SIGKILL)

    service.happened.connect(listen)
    service.greeted.connect(hellos.append)
    service.ended.connect(ends.append)
    service.submit(RenderRequest(id="r1", storyboard=storyboard, first=0, last=1), folder)
    qtbot.waitUntil(lambda: bool(ends), timeout=200_000)
    assert service.shutdown()
    assert ends == [FilmEnded("r1", Outcome.DONE)]
    assert [event.index for event in heard if isinstance(event, ClipDone)] == [0, 1]
    assert [event.index for event in heard if isinstance(event, ClipReused)] == [0]
