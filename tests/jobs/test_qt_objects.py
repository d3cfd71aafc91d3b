"""No Qt object of ours lives or ends in another thread than the window's, whatever runs and ends there.

While Qt destroys one, it holds a lock and waits for Python's; another thread may hold Python's and wait for that lock.
"""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess, Qt, QThread, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from svi_studio.domain.training.events import FootageReady
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.jobs.training.footage_job import FootageJob
from svi_studio.jobs.worker.task import Outcome
from tests.jobs.conftest import Script
from tests.jobs.scripted_training import RECIPE, TRAINER, ScriptedTraining, script_run


class QtObjects:
    """All that were made since: those that lived in another thread, and those that ended in one."""

    def __init__(self) -> None:
        self._window, self._thread = threading.get_ident(), QThread.currentThread()
        self._known: weakref.WeakSet[QObject] = weakref.WeakSet(self._alive())
        self.elsewhere: set[str] = set()
        self.seen = 0

    def look(self) -> None:
        """Finds new ones, and follows them to their ends."""
        for each in self._alive():
            if each not in self._known:
                self.seen += 1
                self._known.add(each)
                kind = type(each).__name__
                if each.thread() is not self._thread:
                    self.elsewhere.add(f"{kind} lives")
                weakref.finalize(each, self._ended, f"{kind} is dropped")
                each.destroyed.connect(partial(self._ended, f"{kind} ends"), Qt.ConnectionType.DirectConnection)

    def _ended(self, how: str, *_: object) -> None:
        if threading.get_ident() != self._window:
            self.elsewhere.add(how)

    @staticmethod
    def _alive() -> list[QObject]:
        return [each for each in gc.get_objects() if issubclass(type(each), QObject) and isValid(each)]


@pytest.fixture
def objects(qtbot: QtBot) -> Iterator[QtObjects]:
    objects = QtObjects()
    timer = QTimer(interval=10)
    timer.timeout.connect(objects.look)
    timer.start()
    yield objects
    timer.stop()


class _Old(OwnedThread):
    """A thread with an object of Qt's in it."""

    def __init__(self) -> None:
        super().__init__("old")
        self.made, self.end = threading.Event(), threading.Event()

    def run(self) -> None:
        process = QProcess()
        self.made.set()
        self.end.wait()
        del process


def test_one_of_another_thread_is_found(objects: QtObjects) -> None:
    thread = _Old()
    thread.start()
    thread.made.wait()
    objects.look()
    thread.end.set()
    assert thread.stop_and_join()
    assert objects.elsewhere == {"QProcess lives", "QProcess is dropped", "QProcess ends"}


@pytest.mark.parametrize("faults", [{}, {"1.2": ["kill", 1]}, {"1.2": ["garbage", 1]}])
def test_a_render(objects: QtObjects, script: Script, faults: dict[str, object]) -> None:
    worker = script(faults=faults)
    worker.service.happened.connect(objects.look)
    assert worker.render().outcome is Outcome.DONE
    assert worker.service.shutdown()
    assert objects.seen and not objects.elsewhere


def test_a_training(objects: QtObjects, qtbot: QtBot, tmp_path: Path) -> None:
    training = ScriptedTraining(qtbot, tmp_path, faults={"4": ["kill", 1]})
    training.service.happened.connect(objects.look)
    assert training.train().outcome is Outcome.DONE
    assert training.service.shutdown()
    assert objects.seen and not objects.elsewhere


def test_a_scan(objects: QtObjects, qtbot: QtBot, tmp_path: Path) -> None:
    job = FootageJob(command=TRAINER)
    job.progress.connect(objects.look)
    with qtbot.waitSignal(job.finished, timeout=20_000) as found:
        job.start(RECIPE, script_run(tmp_path / "run"))
    assert isinstance(found.args[0], FootageReady)
    assert job.shutdown()
    assert objects.seen and not objects.elsewhere


class _Asker(QObject):
    """Asks for something and is not needed any more once it knows."""

    def ask(self, background: Background, work: Callable[["_Asker"], object]) -> None:
        background.submit(lambda: work(self), self.know, self.know)

    def know(self, answer: object) -> None:
        """Nothing is left to do."""


def _thread(asker: _Asker) -> QThread:
    return QThread.currentThread()


def _fail(asker: _Asker) -> None:
    raise ValueError(asker)


@pytest.mark.parametrize("work", [_thread, _fail])
def test_whoever_asked_and_is_needed_no_more(
    objects: QtObjects, qtbot: QtBot, work: Callable[[_Asker], object]
) -> None:
    background = Background("asked")
    asker = _Asker()
    asker.ask(background, work)
    objects.look()
    left = weakref.ref(asker)
    del asker
    qtbot.waitUntil(lambda: left() is None)
    assert background.close()
    assert objects.seen and not objects.elsewhere


def test_whoever_asked_last(objects: QtObjects, qtbot: QtBot) -> None:
    background = Background("asked")
    asker = _Asker()
    answered: list[object] = []
    background.submit(lambda: None, lambda _, asker=asker: answered.append(1))  # type: ignore[misc]
    objects.look()
    del asker
    qtbot.waitUntil(lambda: bool(answered))
    assert background.close()
    assert objects.seen and not objects.elsewhere
