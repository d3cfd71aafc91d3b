"""The log of a training: one event a line with its time, so that its curves can be drawn again at any time."""

import json
from dataclasses import dataclass
from typing import get_args

from svi_studio.domain.training_events import TrainingEvent
from svi_studio.domain.training_messages import MessageError, from_fields, to_fields


@dataclass(frozen=True, slots=True)
class Logged:
    """``event`` happened at ``time``, seconds since 1970."""

    time: float
    event: TrainingEvent


def log_line(event: TrainingEvent, time: float) -> bytes:
    """The line of ``event`` in ``log.jsonl``, its end included; ``time`` in seconds since 1970."""
    return json.dumps({"time": round(time, 3), **to_fields(event)}, ensure_ascii=True).encode("ascii") + b"\n"


def from_log_line(line: bytes) -> Logged | None:
    """What the line says; None for one that a crash cut short, or that another version wrote."""
    try:
        fields = json.loads(line)
        time = float(fields.pop("time"))
        event = from_fields(fields)
    except (MessageError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Logged(time, event) if isinstance(event, get_args(TrainingEvent)) else None
