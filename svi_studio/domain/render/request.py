"""What is asked of the renderer: clips of a film as it was at that moment, and how each request stands."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from svi_studio.domain.film.quality import Quality
from svi_studio.domain.film.storyboard import ClipId, Storyboard
from svi_studio.domain.value import ShortText, Text, Value


class RenderRequest(Value):
    """Render the clips ``first`` to ``last`` (from 0, both inclusive) of ``storyboard``, which later edits leave alone.

    ``created_at`` is an ISO 8601 time in UTC, for people to read. ``is_trial``: it asks what would be if the film were
    so; it is made as it was asked for, whatever becomes of the film.
    """

    id: ClipId
    title: ShortText = ""
    storyboard: Storyboard
    first: int = Field(ge=0)
    last: int = Field(ge=0)
    quality: Quality = "final"
    created_at: str = Field(default="", max_length=64)
    is_trial: bool = Field(default=False, exclude_if=lambda is_trial: not is_trial)

    @model_validator(mode="after")
    def _clips_are_there(self) -> Self:
        if not self.first <= self.last < len(self.storyboard.clips):
            raise ValueError("first and last must be clips of the storyboard, in this order")
        return self

    @property
    def clips(self) -> int:
        """How many clips are asked for."""
        return self.last - self.first + 1

    def place(self, clip_id: str | None) -> int | None:
        """Where the clip stands in the film, from 0; None when it is not there."""
        clips = enumerate(self.storyboard.clips)
        return next((place for place, clip in clips if clip.id == clip_id), None)


class QueueStatus(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    RENDERING = "rendering"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to the request by itself."""
        return self in {QueueStatus.DONE, QueueStatus.FAILED, QueueStatus.STOPPED}


class QueuedRender(Value):
    """A request in the queue: ``message`` is one sentence for the user, ``finished_clips`` have their takes."""

    request: RenderRequest
    status: QueueStatus = QueueStatus.WAITING
    message: Text = ""
    finished_clips: int = Field(default=0, ge=0)
