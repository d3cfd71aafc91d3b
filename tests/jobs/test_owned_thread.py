import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from svi_studio.jobs.owned_thread import OwnedThread, running_threads


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
    assert thread.wait(5000)
