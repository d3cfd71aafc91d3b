"""The messages between the window and the worker: length-prefixed JSON, with bytes after it where there are any.

The same worker can therefore run at the other end of any pair of pipes, ssh's too. Nothing here knows Qt or torch.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from svi_studio.domain.events import PreviewReady, RenderEvent
from svi_studio.domain.render_request import RenderRequest
from svi_studio.domain.value import first_problem
from svi_studio.pipes.packets import MAX_DATA, MAX_TEXT, Packet, PacketError, PacketReader, pack
from svi_studio.worker.message import PipeMessage
from svi_studio.worker.story_messages import StoryMessage, StoryRequest

__all__ = [
    "PROTOCOL_VERSION",
    "Alive",
    "Cancelled",
    "Failed",
    "Finished",
    "Hello",
    "Loading",
    "LoadingStep",
    "MessageReader",
    "PacketError",
    "Pause",
    "Paused",
    "Ping",
    "Render",
    "RenderMessage",
    "Request",
    "Resume",
    "Shutdown",
    "SkipClip",
    "Skipped",
    "Stop",
    "WorkerMessage",
    "encode",
    "messages_of_worker",
    "shortened",
]

PROTOCOL_VERSION = 2
MAX_WORKER_TEXT = 1 << 20  # a worker has only short things to say; more than this is a fault
MAX_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Render(PipeMessage):
    """Render ``request`` into the project folder ``project`` on ``device`` (auto, cpu, cuda, cuda:1, mps).

    ``skipped`` are indexes of clips that the user gave up; with ``paused`` it waits before its first step. Both matter
    when a new worker takes the place of one that died.
    """

    kind = "render"
    request: RenderRequest
    project: Path
    device: str = "auto"
    skipped: tuple[int, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Pause(PipeMessage):
    """Wait before the next step."""

    kind = "pause"


@dataclass(frozen=True, slots=True)
class Resume(PipeMessage):
    """Go on after a pause."""

    kind = "resume"


@dataclass(frozen=True, slots=True)
class SkipClip(PipeMessage):
    """Give up the clip ``index`` if it is the one under way, and what continues from it, up to the next cut."""

    kind = "skip_clip"
    index: int


@dataclass(frozen=True, slots=True)
class Stop(PipeMessage):
    """Give up the request before its next step, or ``after_clip`` when the clip under way is done."""

    kind = "stop"
    after_clip: bool = False


@dataclass(frozen=True, slots=True)
class Shutdown(PipeMessage):
    """End the worker, whatever it does."""

    kind = "shutdown"


@dataclass(frozen=True, slots=True)
class Ping(PipeMessage):
    """Say ``Alive`` at once."""

    kind = "ping"


@dataclass(frozen=True, slots=True)
class Hello(PipeMessage):
    """The worker is ready: its process id, the name of the device that it would choose, versions of its libraries."""

    kind = "hello"
    pid: int
    device: str
    versions: Mapping[str, str]
    protocol: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Alive(PipeMessage):
    """The worker's interpreter runs; said every second."""

    kind = "alive"


class LoadingStep(StrEnum):
    """What takes long before the first step of a film."""

    LIBRARIES = "libraries"
    FILM = "film"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Loading(PipeMessage):
    """What the worker begins with; ``name`` is that of a model. The window finds the words for it."""

    kind = "loading"
    step: LoadingStep
    name: str = ""


@dataclass(frozen=True, slots=True)
class RenderMessage(PipeMessage):
    """An event of the render of ``request_id``; clips are counted within the whole storyboard of the request."""

    kind = "event"
    request_id: str
    event: RenderEvent


@dataclass(frozen=True, slots=True)
class Skipped(PipeMessage):
    """The clips at these indexes will not be made in this render, because the user gave the first of them up."""

    kind = "skipped"
    request_id: str
    clips: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paused(PipeMessage):
    """The render of ``request_id`` waits before a step; what comes next ends the pause."""

    kind = "paused"
    request_id: str


@dataclass(frozen=True, slots=True)
class Finished(PipeMessage):
    """Every clip of the request that was not skipped has its take."""

    kind = "finished"
    request_id: str


@dataclass(frozen=True, slots=True)
class Cancelled(PipeMessage):
    """The request was stopped by the user; finished takes are kept."""

    kind = "cancelled"
    request_id: str


@dataclass(frozen=True, slots=True)
class Failed(PipeMessage):
    """The request cannot go on, for the reason in ``sentence``; finished takes are kept."""

    kind = "failed"
    request_id: str
    sentence: str


Request = Render | Pause | Resume | SkipClip | Stop | Shutdown | Ping | StoryRequest
WorkerMessage = (
    Hello | Alive | Loading | RenderMessage | Skipped | Paused | Finished | Cancelled | Failed | StoryMessage
)

_TYPES: dict[str, type[Any]] = {
    each.kind: each for each in (*get_args(Request), *get_args(WorkerMessage), *get_args(RenderEvent))
}


def encode(message: Request | WorkerMessage) -> bytes:
    """The packet of ``message``. Raises PacketError when it is larger than the other side would take."""
    if not isinstance(message, RenderMessage):
        return pack(_json(message))
    event = message.event
    data = event.jpeg if isinstance(event, PreviewReady) else b""
    head = json.dumps({"kind": message.kind, "request_id": message.request_id}).encode("ascii")
    return pack(b"".join((head[:-1], b',"event":', _json(event), b"}")), data)


class MessageReader:
    """Reads messages from pieces of any size. Raises PacketError on anything else; then nothing is read on."""

    def __init__(self, max_text: int = MAX_TEXT, max_data: int = MAX_DATA) -> None:
        """The largest text and the most bytes that one message may have."""
        self._packets = PacketReader(max_text, max_data)

    def feed(self, piece: bytes) -> Iterator[Any]:
        """The messages that are whole now, in order."""
        for packet in self._packets.feed(piece):
            yield _decode(packet)


def messages_of_worker() -> MessageReader:
    """A reader for what a worker says, which is always short."""
    return MessageReader(max_text=MAX_WORKER_TEXT)


def shortened(text: str, limit: int = MAX_SENTENCE) -> str:
    """``text``, cut to ``limit`` characters, so that no message grows with what went wrong."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _json(value: PipeMessage | RenderEvent) -> bytes:
    """``kind`` and the fields. Not by way of a dict: a film of 10,000 clips would hold up the window's interpreter."""
    fields = _adapter(value.kind).dump_json(value, exclude={"jpeg"})
    head = b'{"kind":"%s"' % value.kind.encode("ascii")
    return head + (b"}" if fields == b"{}" else b"," + fields[1:])


def _decode(packet: Packet) -> Request | WorkerMessage:
    try:
        document = json.loads(packet.text)
        if document["kind"] == RenderMessage.kind:
            return RenderMessage(str(document["request_id"]), _event(document["event"], packet.data))
        message: Request | WorkerMessage = _adapter(document["kind"]).validate_json(packet.text, strict=True)
        if not isinstance(message, PipeMessage):
            raise ValueError("an event stands alone")
        return message
    except ValidationError as error:
        raise PacketError(f"a message has {first_problem(error)}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PacketError(f"a message cannot be read ({type(error).__name__})") from error


def _event(document: dict[str, Any], data: bytes) -> RenderEvent:
    kind = document["kind"]
    text = json.dumps(document | ({"jpeg": ""} if kind == PreviewReady.kind else {}))
    event: RenderEvent = _adapter(kind).validate_json(text, strict=True)
    return dataclasses.replace(event, jpeg=data) if isinstance(event, PreviewReady) else event


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[kind])
