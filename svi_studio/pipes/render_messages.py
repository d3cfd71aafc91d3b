"""What the window and the worker that renders say to each other, over any pair of pipes, ssh's too."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.render.events import PreviewReady, RenderEvent
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.text.told import Told
from svi_studio.pipes.messages import Messages
from svi_studio.pipes.sent_path import SentPath
from svi_studio.pipes.story_messages import StoryMessage, StoryRequest

PROTOCOL_VERSION = 4


@dataclass(frozen=True, slots=True)
class Render:
    """Render ``request`` into the project folder ``project`` on ``device`` (auto, cpu, cuda, cuda:1, mps).

    ``memory_plan``: what the user wishes of it, as ``parse_wishes`` reads it.
    ``skipped`` are indexes of clips that the user gave up; with ``paused`` it waits before its first step. Both matter
    when a new worker takes the place of one that died.
    """

    kind: Literal["render"] = field(default="render", kw_only=True)
    request: RenderRequest
    project: SentPath
    device: str = "auto"
    skipped: tuple[int, ...] = ()
    paused: bool = False
    memory_plan: Annotated[str, Field(max_length=400)] = "auto"


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next step."""

    kind: Literal["pause"] = field(default="pause", kw_only=True)


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""

    kind: Literal["resume"] = field(default="resume", kw_only=True)


@dataclass(frozen=True, slots=True)
class SkipClip:
    """Give up the clip ``index`` if it is the one under way, and what continues from it, up to the next cut."""

    kind: Literal["skip_clip"] = field(default="skip_clip", kw_only=True)
    index: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Give up the request before its next step, or ``after_clip`` when the clip under way is done."""

    kind: Literal["stop"] = field(default="stop", kw_only=True)
    after_clip: bool = False


@dataclass(frozen=True, slots=True)
class Shutdown:
    """End the worker, whatever it does."""

    kind: Literal["shutdown"] = field(default="shutdown", kw_only=True)


@dataclass(frozen=True, slots=True)
class Ping:
    """Say ``Alive`` at once."""

    kind: Literal["ping"] = field(default="ping", kw_only=True)


@dataclass(frozen=True, slots=True)
class Hello:
    """The worker is ready: its process id, the name of the device that it would choose, versions of its libraries."""

    kind: Literal["hello"] = field(default="hello", kw_only=True)
    pid: int
    device: str
    versions: Mapping[str, str]
    protocol: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Alive:
    """The worker's interpreter runs; said every second."""

    kind: Literal["alive"] = field(default="alive", kw_only=True)


class LoadingStep(StrEnum):
    """What takes long before the first step of a film."""

    LIBRARIES = "libraries"
    FILM = "film"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Loading:
    """What the worker begins with; ``name`` is that of a model. The window finds the words for it."""

    kind: Literal["loading"] = field(default="loading", kw_only=True)
    step: LoadingStep
    name: str = ""


@dataclass(frozen=True, slots=True)
class RenderMessage:
    """An event of the render of ``request_id``; clips are counted within the whole storyboard of the request."""

    kind: Literal["event"] = field(default="event", kw_only=True)
    request_id: str
    event: Annotated[RenderEvent, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Skipped:
    """The clips at these indexes will not be made in this render, because the user gave the first of them up."""

    kind: Literal["skipped"] = field(default="skipped", kw_only=True)
    request_id: str
    clips: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paused:
    """The render of ``request_id`` waits before a step; what comes next ends the pause."""

    kind: Literal["paused"] = field(default="paused", kw_only=True)
    request_id: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Every clip of the request that was not skipped has its take."""

    kind: Literal["finished"] = field(default="finished", kw_only=True)
    request_id: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The request was stopped by the user; finished takes are kept."""

    kind: Literal["cancelled"] = field(default="cancelled", kw_only=True)
    request_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The request cannot go on, for the reason in ``sentence``; finished takes are kept."""

    kind: Literal["failed"] = field(default="failed", kw_only=True)
    request_id: str
    sentence: Told


Request = Render | Pause | Resume | SkipClip | Stop | Shutdown | Ping | StoryRequest
WorkerMessage = (
    Hello | Alive | Loading | RenderMessage | Skipped | Paused | Finished | Cancelled | Failed | StoryMessage
)


class _WorkerMessages(Messages[WorkerMessage]):
    def data_of(self, message: WorkerMessage) -> bytes:
        match message:
            case RenderMessage(_, PreviewReady(jpeg=jpeg)):
                return jpeg
        return b""

    def with_data(self, message: WorkerMessage, data: bytes) -> WorkerMessage:
        match message:
            case RenderMessage(_, PreviewReady() as preview):
                return replace(message, event=replace(preview, jpeg=data))
        return message


REQUESTS = Messages[Request](Request)
WORKER_MESSAGES = _WorkerMessages(WorkerMessage, max_text=1 << 20)  # all that it says is short
