"""One process, without the watch over it."""

import os
import signal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.worker import worker_process
from svi_studio.jobs.worker.worker_process import WorkerProcess
from tests.jobs.scripted import scripted_command
from tests.patience import felt_time


@pytest.fixture
def unkillable(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkerProcess:
    """A process that the system cannot end, as one that waits for a broken driver."""
    monkeypatch.setattr(worker_process, "LEAVE_MS", 100)
    monkeypatch.setattr(worker_process, "KILL_MS", 100)
    process = WorkerProcess(scripted_command(tmp_path / "worker", deaf=True))
    process.start()
    qtbot.waitUntil(lambda: process.pid != 0)
    process._process.kill = lambda: None  # type: ignore[method-assign]
    return process


def test_leaving_a_process_that_cannot_be_ended_does_not_wait_for_it(unkillable: WorkerProcess) -> None:
    pid = unkillable.pid
    with felt_time() as seconds:
        unkillable.leave(patiently=True)
        unkillable.deleteLater()
        del unkillable
        assert seconds() < 2
    os.kill(pid, signal.SIGKILL)


def test_a_process_that_cannot_be_ended_counts_as_ended(qtbot: QtBot, unkillable: WorkerProcess) -> None:
    pid = unkillable.pid
    with qtbot.waitSignal(unkillable.ended, timeout=5000):
        unkillable.kill()
    os.kill(pid, signal.SIGKILL)
