"""The film that a worker renders: where it is, how to go on after the worker died, and when to give up."""

from dataclasses import dataclass, replace
from enum import StrEnum

from svi_studio.domain.events import ClipDone, ClipStarted, RenderEvent
from svi_studio.pipes.render_messages import Render

MAX_RESTARTS = 3
"""For one clip: what ends a worker four times at the same place will end it again."""


class Outcome(StrEnum):
    """How a request ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FilmEnded:
    """The request ``request_id`` is over; ``sentence`` says why it failed."""

    request_id: str
    outcome: Outcome
    sentence: str = ""


class FilmUnderWay:
    """One request until it is over, through the lives of several workers."""

    def __init__(self, render: Render) -> None:
        self.render = render
        self.clip: int | None = None
        self.is_stopping = False
        self.deaths = 0

    @property
    def request_id(self) -> str:
        """Which request it is."""
        return self.render.request.id

    def heard(self, event: RenderEvent) -> None:
        """Follow the film; a clip that was finished shows that the worker can."""
        if isinstance(event, ClipStarted):
            self.clip = event.index
        elif isinstance(event, ClipDone):
            self.clip, self.deaths = None, 0

    def pause(self, paused: bool) -> None:
        """Remember it for the next worker."""
        self.render = replace(self.render, paused=paused)

    def skip(self, *clips: int) -> None:
        """Remember it for the next worker; a pause ends with it."""
        skipped = sorted({*self.render.skipped, *clips})
        self.render = replace(self.render, skipped=tuple(skipped), paused=False)

    def worker_died(self) -> bool:
        """Whether another worker should go on with it."""
        self.deaths += 1
        return self.deaths <= MAX_RESTARTS
