"""The render service under stress: starts and ends, lost workers, many signals, and how soon a preview is seen."""

import hashlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from PySide6.QtCore import QEventLoop, QObject, Signal
from PySide6.QtWidgets import QApplication

from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.storyboard import Clip
from svi_studio.domain.render.events import StepDone
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.threads.owned_thread import OwnedThread, running_threads
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome
from svi_studio.media.video_reader import stream_frames
from svi_studio.pipes.render_messages import RenderMessage
from svi_studio.project.takes.take_store import TakeStore
from tests.benchmarks.fault_points import STEPS, Fault, FaultyRender, spread_faults
from tests.benchmarks.figure import Figure
from tests.jobs.scripted import request, scripted_command
from tests.worker.piped_worker import example_project

CYCLES = 1000
REAL_CYCLES = 20
FAULT_POINTS = 50
EMITS = 100_000


def measure() -> list[Figure]:
    """All of them; some 20 minutes, because a worker that imports torch is started about 70 times."""
    with TemporaryDirectory() as logs:
        os.environ["XDG_STATE_HOME"] = logs  # workers are crashed on purpose: that is not for the user's crash logs
        return [many_emits(), preview_latency(), cycles(), real_cycles(), fault_points()]


def cycles(count: int = CYCLES) -> Figure:
    """Start, cancel, close, with a worker that only speaks the protocol; at moments that are spread over its life."""
    with TemporaryDirectory() as name:
        command = scripted_command(Path(name) / "worker", steps=2, step_seconds=0.005)
        moments = random.Random(1)
        return _cycles("cycles", count, command, request(2), Path(name), lambda: moments.uniform(0, 0.25))


def real_cycles(count: int = REAL_CYCLES) -> Figure:
    """The same with the real worker and the bundled model, from its first imports to the middle of a clip."""
    with TemporaryDirectory() as name:
        folder, storyboard = example_project(Path(name), steps=20, num_frames=21)
        film = RenderRequest(id="r1", storyboard=storyboard, first=0, last=9)
        moments = iter([20 * number / count for number in range(count + 1)])
        return _cycles("cycles of the real worker", count, None, film, folder, lambda: next(moments))


def _cycles(
    name: str,
    count: int,
    command: tuple[str, ...] | None,
    film: RenderRequest,
    folder: Path,
    moment: Callable[[], float],
) -> Figure:
    _application()
    _one_cycle(command, film, folder, moment())
    before, began = held(), time.monotonic()
    shutdowns = [_one_cycle(command, film, folder, moment()) for _ in range(count)]
    seconds = time.monotonic() - began
    _wait(lambda: held()[1] <= before[1], 5)
    after = held()
    leaked = [max(0, now - then) for now, then in zip(after, before, strict=True)]
    details = {
        "threads": leaked[0],
        "processes": leaked[1],
        "file_descriptors": leaked[2],
        "owned_threads_running": len(running_threads()),
        "seconds_per_cycle": round(seconds / count, 3),
        "slowest_shutdown_seconds": round(max(shutdowns), 3),
        "python": sys.version.split()[0],
    }
    return Figure(f"threads, processes and files left by {count} {name}", sum(leaked), 0, "leaks", details)


def _one_cycle(command: tuple[str, ...] | None, film: RenderRequest, folder: Path, moment: float) -> float:
    """Returns the seconds that the shutdown took."""
    service = RenderService(command=command)
    service.submit(film, folder, "cpu")
    _wait(lambda: service.request_id is None, moment)
    service.stop()
    began = time.monotonic()
    assert service.shutdown(), "the thread and its worker must have ended"
    return time.monotonic() - began


def held() -> tuple[int, int, int]:
    """Threads, child processes and open files of this process."""
    process = psutil.Process()
    children = [child for child in process.children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
    return process.num_threads(), len(children), process.num_fds()


def many_emits(count: int = EMITS) -> Figure:
    """Signals from a thread to the window: PySide6 6.12 with Python 3.11 loses one reference to True for each."""

    class Sender(OwnedThread):
        told = Signal(object)
        flag = Signal(bool)

        def run(self) -> None:
            for number in range(count // 2):
                self.told.emit(RenderMessage("r1", StepDone(0, number, count)))
                self.flag.emit(True)

    class Receiver(QObject):
        got = 0

        def take(self, what: object) -> None:
            self.got += 1

    _application()
    receiver, sender = Receiver(), Sender("many emits")
    sender.told.connect(receiver.take)
    sender.flag.connect(receiver.take)
    before = sys.getrefcount(True)
    sender.start()
    _wait(lambda: receiver.got == count, 300)
    assert sender.stop_and_join()
    lost = max(0, before - sys.getrefcount(True))
    details = {"emits": receiver.got, "references_before": before, "python": sys.version.split()[0]}
    return Figure(f"references to True lost in {count} emits", lost, 10, "references", details)


def preview_latency() -> Figure:
    """From the first step of a film to its preview at the window, with the real worker and the bundled model."""
    with TemporaryDirectory() as name:
        folder, storyboard = example_project(Path(name), steps=20, num_frames=21)
        with _service() as service:
            queue = RenderQueue(folder, service, device="cpu")
            steps: list[float] = []
            previews: list[float] = []
            service.happened.connect(
                lambda message: steps.append(time.monotonic()) if isinstance(message.event, StepDone) else None
            )
            queue.preview.connect(lambda *_: previews.append(time.monotonic()))
            queue.add(RenderRequest(id="r1", storyboard=storyboard, first=0, last=1))
            _wait(lambda: len(previews) >= 40, 120)
            queue.close()
    delays = sorted(preview - step for step, preview in zip(steps, previews, strict=False))
    details = {"first_ms": round(1000 * (previews[0] - steps[0]), 2), "slowest_of_40_ms": round(1000 * delays[-1], 2)}
    return Figure("first step to first preview in the window", previews[0] - steps[0], 1.0, "s", details)


def fault_points(count: int = FAULT_POINTS) -> Figure:
    """Seconds until the window says that the worker was killed, stopped or crashed; the film comes out as it should."""
    faults = spread_faults(count)
    with TemporaryDirectory() as name:
        expected = _rendered(Path(name) / "unbroken", faults, strike=False)
        broken = _rendered(Path(name) / "broken", faults, strike=True)
    assert [fault.back_at for fault in faults] == [fault.clip for fault in faults], "it goes on at the same clip"
    assert broken.files.keys() == expected.files.keys(), "the same takes"
    differing = [name for take in expected.files for name in _differing(expected.files[take], broken.files[take])]
    assert not differing, f"the same content, but not {differing}"
    said = sorted(fault.said_after or 0.0 for fault in faults)
    back = sorted(fault.back_after or 0.0 for fault in faults)
    details = {
        "points": count,
        "median_s": round(said[len(said) // 2], 2),
        "slowest_by_kind_s": {
            kind: round(max(fault.said_after or 0.0 for fault in faults if fault.kind == kind), 2)
            for kind in ("killed", "stalled", "crashed")
        },
        "back_at_the_clip_median_s": round(back[len(back) // 2], 1),
        "back_at_the_clip_slowest_s": round(back[-1], 1),
        "longest_gap_of_the_window_ms": round(1000 * broken.longest_gap, 1),
        "clips": len(expected.files),
    }
    return Figure(f"a lost worker to the window's word, slowest of {count}", said[-1], 10.0, "s", details)


def _differing(files: dict[str, str], others: dict[str, str]) -> list[str]:
    return [name for name in files.keys() | others.keys() if files.get(name) != others.get(name)]


@dataclass(frozen=True)
class _Rendered:
    files: dict[str, dict[str, str]]
    longest_gap: float


def _rendered(folder: Path, faults: list[Fault], *, strike: bool) -> _Rendered:
    """Render a film with as many clips as the faults need; the content hashes of its takes by their own hashes."""
    folder.mkdir()
    project, storyboard = example_project(folder, steps=STEPS, num_frames=21)
    clips = tuple(
        Clip(id=f"c{number}", prompt=storyboard.clips[number % 10].prompt) for number in range(faults[-1].clip + 1)
    )
    storyboard = change_film(storyboard, clips=clips)
    film = RenderRequest(id="r1", storyboard=storyboard, first=0, last=len(clips) - 1)
    with _service() as service:
        run = FaultyRender(service, film, project, faults if strike else [])
        _wait(lambda: run.end is not None, 3600)
    assert run.end == FilmEnded("r1", Outcome.DONE), run.end
    store = TakeStore(project / "takes")
    return _Rendered({take_hash: _content(store, take_hash) for take_hash in run.takes}, run.longest_gap)


def _content(store: TakeStore, take_hash: str) -> dict[str, str]:
    """A hash for every file of a take; for the lossless video that of its pixels, as its container has random ids."""
    content = {file.name: file.sha256 for file in store.load(take_hash).files}
    pixels = hashlib.sha256()
    for frames in stream_frames(store.file(take_hash, LOSSLESS_VIDEO)):
        pixels.update(frames.tobytes())
    return content | {LOSSLESS_VIDEO: pixels.hexdigest()}


@contextmanager
def _service() -> Iterator[RenderService]:
    _application()
    service = RenderService()
    yield service
    assert service.shutdown()


def _application() -> QApplication:
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication([])


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Let the window's events pass until ``condition`` holds, at most ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.002)
    return True
