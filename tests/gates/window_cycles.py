"""Gate 12: the window starts, stops and closes renders a thousand times, and never keeps its user waiting."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from svi_studio.document.preferences import Preferences
from svi_studio.domain.render.request import RenderRequest
from svi_studio.ui.application import prepare_application
from svi_studio.ui.studio import Studio
from tests.benchmarks import worker_faults
from tests.builders.open_films import storyboard
from tests.gates.gate import Gate, Run
from tests.jobs.scripted import scripted_command
from tests.ui.shell.test_studio import make_film

CYCLES, EMITS, TURNS = "cycles", "signals", "turns of the loop while rendering"
LEAKS = ("threads more", "processes more", "open files more")
LOST, GAP_99, GAP = "references lost", "loop gap, 99 of 100, ms", "longest loop gap, ms"
BESIDE_99, BESIDE = "of an idle process beside it, 99 of 100, ms", "of an idle process beside it, longest, ms"
_AT_ONCE = 25
_TICK_MS = 5


def exercise(run: Run) -> None:
    """Signals, then turns of the event loop during a render, then cycles until the time is over."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    prepare_application(application)
    run.figure(LOST, worker_faults.many_emits(GATE.promised[EMITS]).value)
    run.done(EMITS, GATE.promised[EMITS])
    _gaps(run)
    worker_faults.cycles(1)
    before = worker_faults.held()
    while run.wants(CYCLES, GATE.promised[CYCLES]):
        worker_faults.cycles(_AT_ONCE)
        run.done(CYCLES, _AT_ONCE)
    more = [now - then for now, then in zip(worker_faults.held(), before, strict=True)]
    for what, count in zip(LEAKS, more, strict=True):
        run.figure(what, count)


_IDLE = """
import json, select, sys, time
late, last = [], time.perf_counter()
while not select.select([sys.stdin], [], [], 0.005)[0]:
    now = time.perf_counter()
    late.append(1000 * (now - last) - 5)
    last = now
print(json.dumps(sorted(late)))
"""
"""A process that only waits: as late as it is on a busy computer, the window may be, and as promised beyond that."""


class _Metronome(QObject):
    """A timer of 5 ms, and how many milliseconds late it came each time."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(1000 * (now - self._last) - _TICK_MS)
        self._last = now


def _gaps(run: Run) -> None:
    """The whole window with a film of 40 clips; a step and a preview come fifty times a second."""
    command = scripted_command(run.folder / "worker", steps=50, step_seconds=0.02)
    with patch("svi_studio.jobs.render.render_service.worker_command", lambda: command):
        studio = Studio(Preferences(run.folder / "window.ini"))
        studio.open_film(make_film(run.folder, storyboard(40)))
        _pass_until(lambda: bool(studio.windows) and studio.windows[0].film.states.facts is not None)
        window = studio.windows[0]
        board = window.film.document.storyboard
        window.rendering.queue.add(RenderRequest(id="r1", storyboard=board, first=0, last=len(board.clips) - 1))
        _pass_until(lambda: window.rendering.queue.current_clip is not None)
        idle = subprocess.Popen([sys.executable, "-S", "-c", _IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        metronome, in_time = _Metronome(), run.part(0.3)
        _pass_until(lambda: not in_time() or len(metronome.late) >= GATE.promised[TURNS])
        beside = json.loads(idle.communicate()[0])
        window.rendering.queue.stop()
        _pass_until(lambda: not window.rendering.is_busy)
        if not studio.close():
            run.fault("the window did not close")
    run.done(TURNS, len(metronome.late))
    run.figure(BESIDE_99, float(np.percentile(beside, 99)))
    run.figure(BESIDE, max(beside))
    run.figure(GAP_99, max(0.0, float(np.percentile(metronome.late, 99)) - run.outcome.figures[BESIDE_99]))
    run.figure(GAP, max(0.0, max(metronome.late) - run.outcome.figures[BESIDE]))


def _pass_until(holds: Callable[[], bool]) -> None:
    """Let the events of the window pass, as its own loop does."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "waited two minutes in vain"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


GATE = Gate(
    12,
    "the window during renders",
    {CYCLES: 1_000, EMITS: 100_000, TURNS: 3_000},
    exercise,
    dict.fromkeys(LEAKS, 0.0) | {LOST: 10.0, GAP_99: 50.0, GAP: 200.0},
)
