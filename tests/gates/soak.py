"""Gate 11: a film of 500 clips leaves the program as it was: no memory, no file, no thread more a clip."""

import gc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtWidgets import QApplication

from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.events import ClipDone
from svi_studio.jobs.render.render_service import RenderService
from tests.gates.gate import Gate, Run
from tests.jobs.scripted import request, scripted_command

WINDOW, ENGINE = "clips in the window", "clips in the engine"
_WARM_UP = 0.2  # of the clips: caches fill


def exercise(run: Run) -> None:
    """The window's side with a worker that only speaks; then the engine with a denoiser that costs nothing."""
    _window(run)
    _engine(run)


class _Watch:
    """Memory, open files and threads of this process after each clip."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.seen: list[tuple[float, int, int]] = []

    def look(self) -> None:
        if len(self.seen) % 5 == 0:
            gc.collect()
        memory = self._process.memory_info().rss / 1e3
        self.seen.append((memory, self._process.num_fds(), self._process.num_threads()))

    def tell(self, run: Run, where: str) -> None:
        """The slope after the warm-up by least squares, so that one late clip does not decide; and what was left."""
        rest = np.array(self.seen[int(len(self.seen) * _WARM_UP) :])
        if len(rest) < 20:
            run.misses(f"{where}: the share of this gate was too short to see a slope")
            return
        slope = float(np.polyfit(np.arange(len(rest)), rest[:, 0], 1)[0])
        run.figure(f"{where}: memory, KB a clip", slope)
        run.figure(f"{where}: open files more", float(rest[-20:, 1].min() - rest[:20, 1].max()))
        run.figure(f"{where}: threads more", float(rest[-20:, 2].min() - rest[:20, 2].max()))


def _window(run: Run) -> None:
    application = QApplication.instance() or QApplication([])
    clips, watch = GATE.promised[WINDOW], _Watch()
    service = RenderService(command=scripted_command(run.folder / "worker", steps=20))
    queue = RenderQueue(_made(run.folder / "film"), service)
    queue.clip_done.connect(lambda *_: (watch.look(), run.done(WINDOW)))
    queue.add(request(clips))
    in_time = run.part(0.4)
    while in_time() and not queue.items[0].status.is_over:
        application.processEvents()
    if queue.items[0].status.value not in ("done", "rendering"):
        run.fault(f"the film in the window ended as {queue.items[0].status.value}")
    queue.close()
    if not service.shutdown():
        run.fault("the thread of the worker did not end")
    watch.tell(run, "window")


def _engine(run: Run) -> None:
    from svi_studio.engine.chain.film import render_film
    from tests.benchmarks.films import free_renders
    from tests.builders.small_film import plan_of, small_storyboard

    watch = _Watch()

    def listen(event: object) -> None:
        if isinstance(event, ClipDone):
            watch.look()
            run.done(ENGINE)

    storyboard = small_storyboard(f"the ball rolls, part {k}" for k in range(GATE.promised[ENGINE]))
    with free_renders() as renders:
        plan = plan_of(storyboard, renders.folder)
        stop: Callable[[], bool] = lambda: run.seconds_left < 5  # noqa: E731
        try:
            render_film(plan, renders.models, renders.store, emit=listen, should_stop=stop, folder=renders.folder)
        except Exception as error:
            if run.seconds_left >= 5:
                run.fault(f"the film in the engine: {error}")
    watch.tell(run, "engine")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


GATE = Gate(
    11,
    "500 clips",
    {WINDOW: 500, ENGINE: 500},
    exercise,
    {
        f"{where}: {what}": most
        for where in ("window", "engine")
        for what, most in (("memory, KB a clip", 20.0), ("open files more", 0.0), ("threads more", 0.0))
    },
)
