"""A render service without a process: it remembers what it is asked, and says what a test lets it say."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.render.events import ClipDone, ClipStarted, RenderEvent, StepDone
from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from svi_studio.pipes.render_messages import RenderMessage


class StillService(QObject):
    """Has the signals and the commands of RenderService."""

    happened = Signal(object)
    skipped = Signal(object)
    loading = Signal(str)
    ended = Signal(object)
    greeted = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = ProcessState.OFF
        self.request_id: str | None = None
        self.request: RenderRequest | None = None
        self.memory_plan = ""
        self.asked: list[str] = []
        self._clip: int | None = None

    def submit(
        self,
        request: RenderRequest,
        project: Path,
        device: str = "auto",
        skipped: tuple[int, ...] = (),
        *,
        memory_plan: str = "auto",
    ) -> None:
        self.request_id, self.request, self.memory_plan = request.id, request, memory_plan
        self.asked.append("submit")
        self.be(ProcessState.STARTING)

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def skip_clip(self, index: int) -> None:
        self.asked.append(f"skip {index}")

    def stop(self, *, after_clip: bool = False) -> None:
        self.asked.append("stop")

    def be(self, state: ProcessState) -> None:
        """The worker is in this state now."""
        self.state = state
        self.state_changed.emit(state)

    def say(self, event: RenderEvent) -> None:
        """This happened in the render under way."""
        assert self.request_id is not None
        self.happened.emit(RenderMessage(self.request_id, event))

    def step(self, index: int, step: int, steps: int = 20, left: float | None = None) -> None:
        """A clip is at this step."""
        self.be(ProcessState.RENDERING)
        if index != self._clip:
            self._clip = index
            self.say(ClipStarted(index, 0, "0" * 64))
        self.say(StepDone(index, step, steps, left))

    def done(self, index: int, take_hash: str = "0" * 64) -> None:
        """A clip has its take."""
        self._clip = None
        self.say(ClipDone(index, take_hash, 1.0))

    def end(self, outcome: Outcome = Outcome.DONE, sentence: str = "") -> None:
        """The render is over."""
        ended, self.request_id, self._clip = self.request_id, None, None
        assert ended is not None
        self.be(ProcessState.IDLE)
        self.ended.emit(FilmEnded(ended, outcome, sentence))
