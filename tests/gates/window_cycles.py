"""Gate 12: the window starts, stops and closes renders a thousand times, and never keeps its user waiting."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks import worker_faults
from tests.gates.gate import Gate, Run
from tests.jobs.scripted import request, scripted_command

CYCLES, EMITS, TURNS = "cycles", "signals", "turns of the loop while rendering"
LEAKS, LOST, GAP_99, GAP = "leaks", "references lost", "loop gap, 99 of 100, ms", "longest loop gap, ms"
_AT_ONCE = 25


def exercise(run: Run) -> None:
    """Signals, then turns of the event loop during a render, then cycles until the time is over."""
    run.figure(LOST, worker_faults.many_emits(GATE.promised[EMITS]).value)
    run.done(EMITS, GATE.promised[EMITS])
    _gaps(run)
    while run.wants(CYCLES, GATE.promised[CYCLES]):
        found = worker_faults.cycles(_AT_ONCE)
        run.figure(LEAKS, found.value)
        run.done(CYCLES, _AT_ONCE)


def _gaps(run: Run) -> None:
    """How late a timer of 5 ms comes while the scripted worker floods the window with steps and previews."""
    application = QApplication.instance() or QApplication([])
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(1000 * (now - last[0]) - 5.0)
        last[0] = now

    with TemporaryDirectory() as name, worker_faults._service() as service:
        service._supervisor._command = scripted_command(Path(name) / "worker", steps=50, step_seconds=0.002)
        service.submit(request(400), Path(name), "cpu")
        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(5)
        in_time = run.part(0.15)
        while in_time() and len(gaps) < GATE.promised[TURNS] and service.request_id is not None:
            application.processEvents()
        timer.stop()
        service.stop()
    run.done(TURNS, len(gaps))
    if gaps:
        run.figure(GAP_99, float(np.percentile(gaps, 99)))
        run.figure(GAP, max(gaps))


GATE = Gate(
    12,
    "the window during renders",
    {CYCLES: 1_000, EMITS: 100_000, TURNS: 3_000},
    exercise,
    {LEAKS: 0.0, LOST: 10.0, GAP_99: 50.0, GAP: 200.0},
)
