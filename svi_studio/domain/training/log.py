"""The log of a training: one event a line with its time, so that its curves can be drawn again at any time."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from svi_studio.domain.training.events import TrainingEvent


@dataclass(frozen=True, slots=True)
class Logged:
    """``event`` happened at ``time``, seconds since 1970."""

    time: float
    event: TrainingEvent


def log_line(event: TrainingEvent, time: float) -> bytes:
    """The line of ``event`` in ``log.jsonl``, its end included; ``time`` in seconds since 1970."""
    fields = _events().dump_python(event, mode="json")
    return json.dumps({"time": round(time, 3), **fields}, ensure_ascii=True).encode("ascii") + b"\n"


def from_log_line(line: bytes) -> Logged | None:
    """What the line says; None for one that a crash cut short, or that another version wrote."""
    try:
        return Logged(float(json.loads(line)["time"]), _events().validate_json(line, strict=True))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


@cache
def _events() -> TypeAdapter[TrainingEvent]:
    """Made when it is first needed: that takes milliseconds, and a window starts without it."""
    return TypeAdapter(Annotated[TrainingEvent, Field(discriminator="kind")])
