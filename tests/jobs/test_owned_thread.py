import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from svi_studio.jobs.threads.owned_thread import OwnedThread, running_threads
from tests.patience import SECONDS


class WaitingThread(OwnedThread):
    """Waits for something that takes its time, and hears no request to stop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("waiting", parent)
        self.go_on = threading.Event()

    def run(self) -> None:
        self.go_on.wait(30)


def test_an_event_loop_ends_when_it_is_asked(qtbot: QtBot) -> None:
    thread = OwnedThread("loop")
    thread.start()
    assert thread.stop_and_join()
    assert running_threads() == []


def test_a_thread_that_never_ran_has_ended(qtbot: QtBot) -> None:
    assert OwnedThread("idle").stop_and_join()


def test_a_running_thread_is_counted_by_its_name(qtbot: QtBot) -> None:
    thread = WaitingThread()
    thread.start()
    assert running_threads() == ["waiting"]
    thread.go_on.set()
    assert thread.stop_and_join()


def test_a_thread_that_hangs_outlives_its_owner(qtbot: QtBot) -> None:
    owner = QObject()
    thread = WaitingThread(owner)
    thread.start()
    assert not thread.stop_and_join(10)
    del owner
    assert isValid(thread)
    thread.go_on.set()
    assert thread.wait(int(1000 * SECONDS))


_START = """
import threading
from PySide6.QtCore import QCoreApplication
from svi_studio.jobs.threads import owned_thread
from svi_studio.jobs.threads.background import Background
application = QCoreApplication([])
class Hanging(owned_thread.OwnedThread):
    def run(self):
        threading.Event().wait()
"""


def run(script: str) -> subprocess.CompletedProcess[str]:
    """Run ``script`` in a program of its own."""
    return subprocess.run(
        [sys.executable, "-c", _START + script],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize(
    "script",
    [
        "work = Background('forgotten'); work.submit(int, print); raise RuntimeError('sudden')",
        "thread = owned_thread.OwnedThread('forgotten'); thread.start(); raise RuntimeError('sudden')",
    ],
)
def test_a_program_that_ends_suddenly_and_closes_nothing_does_not_abort(script: str) -> None:
    ended = run(script)
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "RuntimeError: sudden")


def test_an_owner_that_goes_without_ending_its_thread_does_not_abort_the_program() -> None:
    ended = run("work = Background('forgotten'); work.submit(int, print); del work; print('went on')")
    assert (ended.returncode, ended.stdout) == (0, "went on\n")


def test_a_forgotten_thread_that_hangs_does_not_abort_the_program() -> None:
    ended = run("owned_thread.JOIN_MS = 10\nOwned = Hanging('hanging'); Owned.start()")
    assert (ended.returncode, ended.stderr) == (1, "")


def test_a_thread_that_hangs_does_not_change_how_the_program_ends() -> None:
    ended = run("thread = Hanging('hanging'); thread.start(); print('said'); owned_thread.end_if_stuck(7)")
    assert (ended.returncode, ended.stdout) == (7, "said\n")


def test_a_program_whose_threads_have_ended_goes_on() -> None:
    assert run("owned_thread.end_if_stuck(7); print('went on')").stdout == "went on\n"
