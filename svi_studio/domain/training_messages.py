"""What the window and the trainer's process say to each other, and how a message becomes one line of JSON.

The trainer (``python -m trainer ... --events``) writes messages to its stdout and reads requests from its stdin, each
framed by ``svi_studio.pipes.packets``: the text of a packet is ``to_text``, the data empty. It says ``TrainerAlive``
every second from a thread of its own as soon as it runs, ``TrainerReady`` when its libraries are loaded, then its
events. The last event is ``TrainingFinished``, ``TrainingStopped``, ``TrainingFailed`` or, of a scan of footage,
``FootageReady``; then it ends. When its stdin is closed, the window is gone: it does as for ``StopTraining``.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, get_args

from pydantic import TypeAdapter, ValidationError

from svi_studio.domain.training_events import TrainingEvent
from svi_studio.domain.value import first_problem

TRAINER_PROTOCOL = 1
MAX_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class _Message:
    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class PauseTraining(_Message):
    """Wait after the step under way; ``TrainingPaused`` is the answer."""

    kind = "pause_training"


@dataclass(frozen=True, slots=True)
class ResumeTraining(_Message):
    """Go on after a pause; ``TrainingResumed`` is the answer."""

    kind = "resume_training"


@dataclass(frozen=True, slots=True)
class StopTraining(_Message):
    """Write a checkpoint after the step under way, say ``TrainingStopped`` and end. A pause ends with it."""

    kind = "stop_training"


@dataclass(frozen=True, slots=True)
class TrainerReady(_Message):
    """The trainer's libraries are loaded: its process id, its device, the versions of its libraries."""

    kind = "trainer_ready"
    pid: int
    device: str
    versions: Mapping[str, str] = field(default_factory=dict)
    protocol: int = TRAINER_PROTOCOL


@dataclass(frozen=True, slots=True)
class TrainerAlive(_Message):
    """The trainer's interpreter runs; said every second."""

    kind = "trainer_alive"


TrainingRequest = PauseTraining | ResumeTraining | StopTraining
TrainerMessage = TrainerReady | TrainerAlive | TrainingEvent

_TYPES: dict[str, type[Any]] = {
    each.kind: each for each in (*get_args(TrainingRequest), TrainerReady, TrainerAlive, *get_args(TrainingEvent))
}


class MessageError(ValueError):
    """What was read is no message of this version."""


def to_text(message: TrainingRequest | TrainerMessage) -> bytes:
    """One line of JSON in ASCII, without its end: ``kind`` and the fields. Numbers may be NaN or Infinity."""
    return json.dumps(to_fields(message), ensure_ascii=True).encode("ascii")


def to_fields(message: TrainingRequest | TrainerMessage) -> dict[str, Any]:
    """``kind`` and the fields of ``message`` as JSON has them."""
    fields = {each.name: _plain(getattr(message, each.name)) for each in dataclasses.fields(message)}
    return {"kind": message.kind, **fields}


def from_text(text: bytes) -> TrainingRequest | TrainerMessage:
    """The message in ``text``, its types checked. Raises MessageError."""
    try:
        return from_fields(json.loads(text))
    except (ValueError, RecursionError) as error:
        if isinstance(error, MessageError):
            raise
        raise MessageError(f"a message cannot be read ({type(error).__name__})") from error


def from_fields(fields: object) -> TrainingRequest | TrainerMessage:
    """The message with exactly these fields, as ``to_fields`` gives them. Raises MessageError."""
    if not isinstance(fields, dict) or (kind := str(fields.get("kind"))) not in _TYPES:
        raise MessageError("a message is of no known kind")
    rest = {name: value for name, value in fields.items() if name != "kind"}
    try:
        message: TrainingRequest | TrainerMessage = _adapter(kind).validate_json(json.dumps(rest), strict=True)
    except ValidationError as error:
        raise MessageError(f"a message has {first_problem(error)}") from error
    return message


def _plain(value: object) -> object:
    """Half characters, as names of files may have them, and endless sentences must not keep a message from its way."""
    if isinstance(value, (str, Path)):
        text = str(value).encode("utf-8", "replace").decode("utf-8")
        return text if len(text) <= MAX_SENTENCE else f"{text[: MAX_SENTENCE - 1]}…"
    return dict(value) if isinstance(value, Mapping) else value


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[kind])
