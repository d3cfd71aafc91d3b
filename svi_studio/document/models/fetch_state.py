"""How far the fetch of one entry of the catalogue is, followed from its events."""

from dataclasses import dataclass, replace
from typing import Literal

from svi_studio.domain.fetching.events import (
    FetchEvent,
    FetchProgress,
    FetchStarted,
    FetchWaiting,
    FileAnew,
    FileChecking,
    FileFetched,
)

Stage = Literal["waiting", "asking", "coming", "checking", "paused", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class FetchState:
    """The entry ``name``. ``done`` of ``total`` bytes that were to come are here; ``speed`` in bytes a second.

    ``note``: a sentence about what it waits for, or why it failed.
    """

    name: str
    title: str
    stage: Stage = "waiting"
    done: int = 0
    total: int = 0
    speed: float | None = None
    seconds_left: float | None = None
    note: str = ""

    @property
    def part(self) -> float:
        """How much of it is here, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes by itself."""
        return self.stage in ("failed", "stopped")


def after(state: FetchState, event: FetchEvent) -> FetchState:
    """The state after ``event``; a pause lasts until somebody ends it."""
    coming: Stage = "paused" if state.stage == "paused" else "coming"
    match event:
        case FetchStarted():
            return replace(state, stage=coming, total=event.to_fetch)
        case FetchProgress(done=done, total=total):
            left = event.seconds_left
            return replace(state, stage=coming, done=done, total=total, speed=event.speed, seconds_left=left, note="")
        case FileChecking() if coming != "paused":
            state = replace(state, stage="checking")
        case FileFetched():
            state = replace(state, stage=coming)
        case FileAnew():
            state = replace(state, note=event.why)
        case FetchWaiting():
            state = replace(state, note=event.why, speed=None, seconds_left=None)
    return state
