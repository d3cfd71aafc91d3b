"""One process, without the watch over it."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svi_studio.jobs.threads.agenda import Agenda
from svi_studio.jobs.worker import worker_process
from svi_studio.jobs.worker.worker_process import WorkerProcess
from tests.jobs.scripted import scripted_command
from tests.patience import SECONDS, felt_time


class Watched:
    """A process, and its agenda in a thread."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.ended, self.heard = threading.Event(), threading.Event()
        self.agenda = Agenda()
        self.process = WorkerProcess(command, self.agenda, lambda message: self.heard.set(), self.ended.set)
        self.thread = threading.Thread(target=self.agenda.run)
        self.thread.start()

    def do(self, act: Callable[[], object]) -> None:
        """Has ``act`` done in the thread of the agenda, and waits for it."""
        done = threading.Event()
        self.agenda.post(act)
        self.agenda.post(done.set)
        assert done.wait(SECONDS)

    def close(self) -> None:
        self.agenda.stop()
        self.thread.join()


@pytest.fixture
def unkillable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A process that the system cannot end, as one that waits for a broken driver."""
    monkeypatch.setattr(worker_process, "LEAVE_MS", 100)
    monkeypatch.setattr(worker_process, "KILL_MS", 100)
    watched = Watched(scripted_command(tmp_path / "worker", deaf=True))
    watched.do(watched.process.start)
    child = watched.process._process
    assert child is not None
    monkeypatch.setattr(child, "kill", lambda: None)
    yield watched
    watched.close()
    os.kill(watched.process.pid, signal.SIGKILL)
    assert child.wait_for_end(int(1000 * SECONDS))


def test_leaving_a_process_that_cannot_be_ended_does_not_wait_for_it(unkillable: Watched) -> None:
    with felt_time() as seconds:
        unkillable.do(lambda: unkillable.process.leave(patiently=True))
        assert seconds() < 2


def test_a_process_that_cannot_be_ended_counts_as_ended(unkillable: Watched) -> None:
    unkillable.do(unkillable.process.kill)
    assert unkillable.ended.wait(SECONDS)


def test_a_process_that_was_left_says_nothing_more(tmp_path: Path) -> None:
    watched = Watched(scripted_command(tmp_path / "worker"))
    watched.do(watched.process.start)
    assert watched.heard.wait(SECONDS)
    watched.do(lambda: watched.process.leave(patiently=True))
    watched.heard.clear()
    watched.do(lambda: None)
    watched.close()
    assert not watched.heard.is_set() and not watched.ended.is_set()


def test_the_threads_of_a_process_end_with_it(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    watched = Watched(scripted_command(tmp_path / "worker"))
    watched.do(watched.process.start)
    assert watched.heard.wait(SECONDS)
    watched.do(watched.process.kill)
    assert watched.ended.wait(SECONDS)
    watched.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_a_program_that_is_not_there_ends_with_the_reason() -> None:
    watched = Watched(("/nowhere/python",))
    watched.do(watched.process.start)
    assert watched.ended.wait(SECONDS)
    watched.close()
    assert watched.process.pid == 0
    assert watched.process.errors.endswith(": /nowhere/python")
