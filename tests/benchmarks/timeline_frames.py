"""Times every frame of the timeline with 2,000 clips while both cores are kept busy, and the gaps of the event loop.

Run alone: ``python -m tests.benchmarks.timeline_frames [CLIPS]``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from svi_studio.ui.timeline.panel import TimelinePanel

CLIPS = 2000
WITH_TAKES = 240
FRAMES = 150
FRAME_MS = 16.7
LONGEST_MS = 50.0
LONGEST_GAP_MS = 200.0
Frame = tuple[float, float]
"""Milliseconds of one frame: on the clock, and of the window's thread on a processor."""
_BURN = "import os\nos.nice(10)\nx = 1.0\nwhile True:\n    for _ in range(100000): x = x * 1.0000001 % 7\n"


def measure() -> tuple[Figure, ...]:
    """p99 and longest frame, and the longest gap of the event loop, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.timeline_frames"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_NO_GUI_THREADPOOL": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = json.loads(done.stdout)
    return (
        Figure("timeline: p99 frame, 2,000 clips, busy cores", found["p99"], FRAME_MS, "ms", found["phases"]),
        Figure("timeline: longest frame, 2,000 clips, busy cores", found["longest"], LONGEST_MS, "ms"),
        Figure("timeline: p99 gap of the event loop", found["gap_p99"], LONGEST_MS, "ms"),
        Figure("timeline: longest gap of the event loop", found["gap"], LONGEST_GAP_MS, "ms"),
    )


@contextmanager
def busy_cores() -> Iterator[None]:
    """One burning process for each core, as patient as the worker is."""
    burning = [subprocess.Popen([sys.executable, "-c", _BURN]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def run(clips: int) -> dict[str, Any]:
    """All phases on a film of ``clips`` clips; milliseconds."""
    from PySide6.QtWidgets import QApplication

    from svi_studio.document.pictures.thumbnails import Thumbnails
    from svi_studio.ui.actions.window_actions import Actions
    from svi_studio.ui.theme import theme
    from svi_studio.ui.timeline.panel import TimelinePanel
    from tests.builders.opened import open_film_here
    from tests.ui.timeline.films import make_film, storyboard_of

    application = QApplication([])
    theme().set_mode("dark")
    with tempfile.TemporaryDirectory() as folder:
        path = make_film(Path(folder), storyboard_of(clips), [i for i in range(WITH_TAKES) if i % 7 != 3])
        film, thumbnails = open_film_here(path), Thumbnails()
        panel = TimelinePanel(film, Actions(), thumbnails)
        panel.resize(1920, 420)
        panel.show()
        _settle(application, 3.0)
        with busy_cores():
            _settle(application, 1.0)
            found = _play(application, panel)
        panel.close()
        film.close()
        thumbnails.close()
    return found


def _settle(application: Any, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        application.processEvents()
        time.sleep(0.005)


def _play(application: Any, panel: "TimelinePanel") -> dict[str, Any]:
    from PySide6.QtCore import Qt, QTimer

    gaps: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        gaps.append(1000 * (now - last[0]))
        last[0] = now

    watch = QTimer()
    watch.setTimerType(Qt.TimerType.PreciseTimer)
    watch.timeout.connect(beat)
    watch.start(5)
    phases = {name: _phase(application, panel, action) for name, action in _actions(panel).items()}
    watch.stop()
    every = [frame for frames in phases.values() for frame in frames]
    return {
        "p99": _quantile([wall for wall, _ in every], 0.99),
        "longest": max(wall for wall, _ in every),
        "gap_p99": _quantile(gaps, 0.99),
        "gap": max(gaps),
        "phases": {name: _spread(frames) for name, frames in phases.items()}
        | {"all": _spread(every), "frames": len(every)},
    }


def _spread(frames: list[Frame]) -> dict[str, float]:
    """Milliseconds on the clock, and of the window's own thread on a processor (nobody else's work in it)."""
    walls, own = [wall for wall, _ in frames], [spent for _, spent in frames]
    spread = {"p50": _quantile(walls, 0.5), "p99": _quantile(walls, 0.99), "max": max(walls)}
    spread |= {"own p50": _quantile(own, 0.5), "own p99": _quantile(own, 0.99), "own max": max(own)}
    return {name: round(value, 2) for name, value in spread.items()}


def _phase(application: Any, panel: "TimelinePanel", action: Callable[[int], None]) -> list[Frame]:
    """From the wish to the last painted pixel, everything that the window does meanwhile included."""
    from PySide6.QtCore import QEventLoop, QTimer

    taken: list[Frame] = []
    loop = QEventLoop()

    def tick() -> None:
        start, spent = time.perf_counter(), time.thread_time()
        action(len(taken))
        application.processEvents()
        taken.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - spent)))
        if len(taken) >= FRAMES:
            timer.stop()
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(16)
    loop.exec()
    return taken


def _actions(panel: "TimelinePanel") -> dict[str, Callable[[int], None]]:
    from tests.benchmarks.timeline_actions import TimelineActions

    hands = TimelineActions(panel)
    return {
        "scroll": hands.scroll,
        "leap": hands.leap,
        "scroll far": hands.scroll_far,
        "zoom": hands.zoom,
        "scrub": hands.scrub,
        "play": hands.play,
        "select": hands.select,
        "band": hands.band,
        "drag": hands.drag,
        "type": hands.type,
        "edit": hands.edit,
        "render": hands.render,
    }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")  # as the program does: see app.py
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else CLIPS), indent=1))
