"""Times scrubbing in the preview panel: from the playhead's move until that very frame is painted.

Frames of 80 x 48 and 832 x 480, never seen before or still in memory, with the cores free and with all of them busy.
Run alone: ``python -m tests.benchmarks.scrub_latency``.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.figure import Figure
from tests.benchmarks.timeline_frames import busy_cores

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames
    from svi_studio.ui.preview.panel import PreviewPanel
    from tests.builders.film_parts import Parts

SIZES = ((80, 48), (832, 480))
CLIPS, FRAMES, MOVES, DRAG_MOVES = 4, 81, 60, 120
FRAME_MS, NEW_MS = 16.7, 50.0
LATEST_MS = 100.0


def measure() -> tuple[Figure, ...]:
    """p95 of every case, and the longest time without a new picture while the mouse is dragged on busy cores."""
    command = [sys.executable, "-m", "tests.benchmarks.scrub_latency"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    )
    found = json.loads(done.stdout)
    figures = []
    for size, cases in found.items():
        for case, goal in (("cached", FRAME_MS), ("new", NEW_MS)):
            figures.append(Figure(f"scrub, {size}, {case}: p95", cases[case]["p95"], goal, "ms", cases[case]))
        figures.append(Figure(f"scrub, {size}, drag, busy cores", cases["drag"]["longest"], LATEST_MS, "ms", cases))
    return tuple(figures)


def run() -> dict[str, Any]:
    """All cases of all sizes; milliseconds."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    assert application is not None
    found = {}
    for width, height in SIZES:
        with tempfile.TemporaryDirectory() as name:
            film, panel = _open(Path(name), width, height)
            cases = {case: _quantiles(seconds) for case, seconds in _moves(film, panel)}
            with busy_cores():
                cases |= {f"{case}, busy cores": _quantiles(seconds) for case, seconds in _moves(film, panel)}
                cases["drag"] = _drag(film, panel)
            found[f"{width}x{height}"] = cases
            panel.close_threads()
            film.close()
    return found


def _moves(film: "Parts", panel: "PreviewPanel") -> list[tuple[str, list[float]]]:
    """Single moves to frames in random order: first all of them new, then the same ones again."""
    _forget_all(film, panel)
    chosen = random.Random(5).sample(range(0, film.playhead.last_frame, 4), MOVES)
    return [(case, [_seconds(film, panel, frame) for frame in chosen]) for case in ("new", "cached")]


def _seconds(film: "Parts", panel: "PreviewPanel", frame: int) -> float:
    from PySide6.QtCore import QEventLoop

    loop, shown = QEventLoop(), []

    def painted(number: int) -> None:
        if number == frame:
            panel.area.canvas.repaint()
            shown.append(time.perf_counter())
            loop.quit()

    panel.preview.projector.projected.connect(painted)
    start = time.perf_counter()
    film.playhead.set_frame(frame)
    if not shown:
        loop.exec()
    panel.preview.projector.projected.disconnect(painted)
    return shown[0] - start


def _drag(film: "Parts", panel: "PreviewPanel") -> dict[str, float]:
    """A mouse that moves 120 times a second over new frames: how often, and how late at most, a new picture comes."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    _forget_all(film, panel)
    loop, timer, times = QEventLoop(), QTimer(), [time.perf_counter()]
    step = max(1, film.playhead.last_frame // DRAG_MOVES)
    places = iter(range(0, step * DRAG_MOVES, step))

    def move() -> None:
        place = next(places, None)
        if place is None:
            loop.quit()
        else:
            film.playhead.set_frame(place)

    noted = panel.preview.projector.projected.connect(lambda _frame: times.append(time.perf_counter()))
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(8)
    loop.exec()
    panel.preview.projector.projected.disconnect(noted)
    gaps = np.diff([*times, time.perf_counter()])
    return {"pictures a second": round(len(times) / (time.perf_counter() - times[0]), 1), "longest": _ms(gaps.max())}


def _forget_all(film: "Parts", panel: "PreviewPanel") -> None:
    for take in film.takes.all():
        panel.preview.decoder.forget(film.takes.file(take.take_hash, "frames.mkv").parent)


def _open(folder: Path, width: int, height: int) -> "tuple[Parts, PreviewPanel]":
    """A panel of the size that it has in a window of 1280 x 800, on a film with real videos."""
    from svi_studio.document.render.queue import RenderQueue
    from svi_studio.jobs.render.render_service import RenderService
    from svi_studio.ui.actions.window_actions import Actions
    from svi_studio.ui.preview.panel import PreviewPanel
    from tests.builders.film_parts import facts_of, numbered, open_parts

    film = open_parts(numbered(CLIPS, num_frames=FRAMES), folder)
    facts = facts_of()
    enlarge = 12 if width < 200 else 1
    card = facts.facts.card.model_copy(
        update={"enlarge": enlarge, "width": width, "height": height, "num_frames": FRAMES}
    )
    film.know(replace(facts, facts=replace(facts.facts, card=card, size=(width, height))))
    film.playhead.set_model(FRAMES, 24.0)
    for take in film.render(*range(CLIPS)):
        _write_video(film.takes.file(take.take_hash, "frames.mkv"), _pictures(width, height, take.job.index))
    queue = RenderQueue(folder, RenderService())
    panel = PreviewPanel(film, queue, Actions())  # type: ignore[arg-type]
    queue.close()
    panel.resize(860, 560)
    panel.show()
    return film, panel


def _pictures(width: int, height: int, seed: int) -> "Frames":
    """Frames like those of a film: soft shapes that move, and grain."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grain = np.random.default_rng(seed).integers(-4, 5, (height, width, 3))
    frames = np.empty((FRAMES, height, width, 3), np.uint8)
    for number in range(FRAMES):
        waves = [np.sin((x * (k + 1) + y * 2 + number * 9 + seed * 40) / (40 + 25 * k)) for k in range(3)]
        frames[number] = (np.stack(waves, -1) * 90 + 128 + np.roll(grain, number * 7, axis=1)).clip(0, 255)
    return frames


def _write_video(path: Path, frames: "Frames") -> None:
    from svi_studio.media.formats import FFV1
    from svi_studio.media.video_writer import open_writer

    path.parent.mkdir(parents=True)
    with open_writer(path, width=frames.shape[2], height=frames.shape[1], fps=24, film_format=FFV1) as film:
        film.write(frames)


def _quantiles(seconds: list[float]) -> dict[str, float]:
    return {f"p{share}": _ms(np.percentile(seconds, share)) for share in (50, 95)} | {"longest": _ms(max(seconds))}


def _ms(seconds: float) -> float:
    return round(float(seconds) * 1000, 2)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
