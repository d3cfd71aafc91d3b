"""A film during which the worker is killed, stopped or crashed at chosen points: what the window says, and when."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QTimer, Slot

from svi_studio.domain.render.events import ClipDone, ClipReused, ClipStarted, StepDone
from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.pipes.render_messages import RenderMessage

STEPS = 20
_SIGNALS = {"killed": signal.SIGKILL, "stalled": signal.SIGSTOP, "crashed": signal.SIGSEGV}
_SAYING = {ProcessState.NOT_ANSWERING, ProcessState.RESTARTING}
_SECOND_PLACES = ("starting", "loading", "step 1", "paused", "writing")


@dataclass
class Fault:
    """What is done to the worker at the clip ``clip``; the seconds until the window said so, and until a clip began."""

    clip: int
    place: str
    kind: str
    at: float = 0.0
    back_at: int | None = None
    said_after: float | None = None
    back_after: float | None = None

    def __str__(self) -> str:
        return f"{self.kind} at clip {self.clip + 1}, {self.place}"


def spread_faults(count: int) -> list[Fault]:
    """Two to a clip: one in a step that wanders through the clip, one while the next worker gets to work."""
    kinds = [*_SIGNALS]
    faults = []
    for number in range(count):
        clip, second = divmod(number, 2)
        place = _SECOND_PLACES[clip % len(_SECOND_PLACES)] if second else f"step {clip * 7 % STEPS + 1}"
        faults.append(Fault(clip, place, kinds[number % len(kinds)]))
    return faults


class FaultyRender(QObject):
    """Renders ``film`` while the faults come one after the other; ``end`` is set when it is over."""

    def __init__(self, service: RenderService, film: RenderRequest, folder: Path, faults: list[Fault]) -> None:
        super().__init__()
        self.end: FilmEnded | None = None
        self.takes: set[str] = set()
        self.longest_gap = 0.0
        self._service = service
        self._coming = list(faults)
        self._struck: list[Fault] = []
        service.happened.connect(self._hear)
        service.loading.connect(self._loading)
        service.state_changed.connect(self._state)
        service.notice.connect(self._said)
        service.ended.connect(self._ended)
        self._last_tick = time.monotonic()
        self._ticker = QTimer(self)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start(10)
        service.submit(film, folder, "cpu")

    @Slot(object)
    def _hear(self, message: RenderMessage) -> None:
        event = message.event
        if isinstance(event, ClipDone | ClipReused):  # a worker may die between a finished take and the word of it
            self.takes.add(event.take_hash)
        elif isinstance(event, ClipStarted):
            for fault in self._struck:
                fault.back_at, fault.back_after = event.index, time.monotonic() - fault.at
            self._struck.clear()
        elif isinstance(event, StepDone):
            self._step(event)

    def _step(self, event: StepDone) -> None:
        if not self._coming or event.index != self._coming[0].clip:
            return
        place = self._coming[0].place
        if place == f"step {event.step}":
            self._strike()
        elif place == "writing" and event.step == event.steps:
            QTimer.singleShot(300, self._strike)
        elif place == "paused" and event.step == 5:
            self._service.pause()

    @Slot(str)
    def _loading(self, text: str) -> None:
        if text.startswith("Loading the model") and self._comes_next("loading"):
            self._strike()

    @Slot(object)
    def _state(self, state: ProcessState) -> None:
        if state in _SAYING:
            self._said()
        elif state is ProcessState.STARTING and self._comes_next("starting"):
            QTimer.singleShot(700, self._strike)
        elif state is ProcessState.PAUSED:
            if self._comes_next("paused"):
                self._strike()
            else:
                self._service.resume()

    def _comes_next(self, place: str) -> bool:
        return bool(self._coming) and self._coming[0].place == place

    @Slot()
    def _strike(self) -> None:
        fault = self._coming.pop(0)
        self._struck.append(fault)
        fault.at = time.monotonic()
        os.kill(_newest_worker(), _SIGNALS[fault.kind])

    @Slot()
    def _said(self) -> None:
        for fault in self._struck:
            if fault.said_after is None:
                fault.said_after = time.monotonic() - fault.at

    @Slot(object)
    def _ended(self, end: FilmEnded) -> None:
        self.end = end
        self._ticker.stop()

    @Slot()
    def _tick(self) -> None:
        now = time.monotonic()
        self.longest_gap = max(self.longest_gap, now - self._last_tick)
        self._last_tick = now


def _newest_worker() -> int:
    workers = [child for child in psutil.Process().children() if "svi_studio.worker" in child.cmdline()]
    return max(workers, key=psutil.Process.create_time).pid
