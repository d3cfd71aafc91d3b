"""Services with scripted workers, shut down after each test; a watch that is quick enough for tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.worker import patience, supervisor, watched_worker
from svi_studio.jobs.worker.patience import Limits
from tests.jobs.scripted import Scripted

Script = Callable[..., Scripted]


@pytest.fixture
def script(qtbot: QtBot, tmp_path: Path) -> Iterator[Script]:
    """Make a service whose worker does as told."""
    made: list[Scripted] = []

    def make(**what: Any) -> Scripted:
        made.append(Scripted(qtbot, tmp_path, **what))
        return made[-1]

    yield make
    for each in made:
        assert each.service.shutdown()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second where the program waits for several."""
    monkeypatch.setattr(watched_worker, "WATCH_MS", 50)
    monkeypatch.setattr(patience, "BEATS", Limits(late=0.8, lost=1.6))
    monkeypatch.setattr(patience, "BEATS_WHILE_LOADING", Limits(late=0.8, lost=3.0))
    monkeypatch.setattr(patience, "AT_WORK", Limits(late=0.8, lost=1.6))
    monkeypatch.setattr(supervisor, "STOP_MS", 500)
