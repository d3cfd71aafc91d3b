"""The film that a worker renders: where it is, how to go on after the worker died, and when to give up."""

from dataclasses import dataclass, replace
from typing import Any

from svi_studio.domain.render.events import ClipDone, ClipStarted, RenderEvent
from svi_studio.jobs.worker import worker_words as words
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome, Task
from svi_studio.jobs.worker.watched_worker import Loss
from svi_studio.jobs.worker.worker_words import Cause
from svi_studio.pipes.render_messages import (
    Cancelled,
    Failed,
    Finished,
    Pause,
    Paused,
    Render,
    RenderMessage,
    Resume,
    SkipClip,
    Skipped,
    Stop,
)

MAX_RESTARTS = 3
"""For one clip: what ends a worker four times at the same place will end it again."""

_FilmMessage = RenderMessage | Skipped | Paused | Finished | Cancelled | Failed


@dataclass(frozen=True, slots=True)
class FilmEnded:
    """The request ``request_id`` is over; ``sentence`` says why it failed."""

    request_id: str
    outcome: Outcome
    sentence: str = ""


class FilmUnderWay(Task):
    """One request until it is over."""

    state_when_ready = ProcessState.LOADING
    state_when_restarted = ProcessState.STARTING
    state_when_given_up = ProcessState.FAILED

    def __init__(self, render: Render) -> None:
        super().__init__(render.request.id)
        self._render = render
        self._clip: int | None = None
        self._deaths = 0
        self._is_paused = False

    def opening(self) -> list[Any]:
        self._is_paused = False
        return [self._render]

    def takes(self, request: Any) -> bool:
        return isinstance(request, Pause | Resume | SkipClip | Stop)

    def asked(self, request: Pause | Resume | SkipClip | Stop) -> ProcessState | None:
        match request:
            case Pause():
                self._render = replace(self._render, paused=True)
                return None
            case Resume():
                self._render = replace(self._render, paused=False)
            case SkipClip(index):
                self._skip(index)
            case Stop(after_clip):
                self.is_stopping = True
                if not after_clip:
                    self.must_end = True
                    return ProcessState.STOPPING
        was_paused, self._is_paused = self._is_paused, False
        return ProcessState.RENDERING if was_paused else None

    def hears(self, message: Any) -> bool:
        return isinstance(message, _FilmMessage) and message.request_id == self.key

    def heard(self, message: _FilmMessage) -> ProcessState | None:
        match message:
            case RenderMessage(_, event):
                self._is_paused = False
                self._follow(event)
                return ProcessState.RENDERING
            case Skipped(_, clips):
                self._skip(*clips)
            case Paused():
                self._is_paused = True
                return ProcessState.PAUSED
            case Finished():
                self.end = self.ended(Outcome.DONE)
            case Cancelled():
                self.end = self.ended(Outcome.STOPPED)
            case Failed(_, sentence):
                self.end = self.ended(Outcome.FAILED, sentence)
        return None

    def ended(self, outcome: Outcome, sentence: str = "") -> FilmEnded:
        return FilmEnded(self._render.request.id, outcome, sentence)

    def process_died(self) -> bool:
        self._deaths += 1
        return self._deaths <= MAX_RESTARTS

    def starts_again(self, cause: Cause) -> str:
        return words.starts_again(cause, self._clip)

    def last_words(self, loss: Loss) -> str:
        if not loss.had_started and loss.cause is Cause.ENDED:
            return words.cannot_start(loss.errors)
        return words.gave_up(loss.cause, self._clip, self._deaths)

    def _follow(self, event: RenderEvent) -> None:
        """A clip that was finished shows that the worker can."""
        if isinstance(event, ClipStarted):
            self._clip = event.index
        elif isinstance(event, ClipDone):
            self._clip, self._deaths = None, 0

    def _skip(self, *clips: int) -> None:
        """Remembers the skipped clips for the next worker; a pause ends with it."""
        skipped = sorted({*self._render.skipped, *clips})
        self._render = replace(self._render, skipped=tuple(skipped), paused=False)
