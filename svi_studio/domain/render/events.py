"""What happens during a render, as small frozen messages that any front end can show or print."""

import base64
import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.text.told import Told


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, MemoryPlan):
        return value.model_dump(mode="json")
    return str(value) if isinstance(value, Path) else value


@dataclass(frozen=True, slots=True)
class _Event:
    def to_json(self) -> str:
        """One line of JSON: ``kind`` and the fields; pictures as base64."""
        fields = {each.name: _plain(getattr(self, each.name)) for each in dataclasses.fields(self)}
        return json.dumps(fields, ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class RenderStarted(_Event):
    """A film of ``total`` clips begins; ``reused`` takes exist already."""

    kind: Literal["render_started"] = field(default="render_started", kw_only=True)
    total: int
    to_render: int
    reused: int


@dataclass(frozen=True, slots=True)
class Warned(_Event):
    """What will not come out as the user may think, in one sentence; the render goes on.

    ``index`` is the clip that it is about, None = all of the film.
    """

    kind: Literal["warning"] = field(default="warning", kw_only=True)
    message: Told
    index: int | None = None


@dataclass(frozen=True, slots=True)
class MemoryPlanned(_Event):
    """From now on the model lies in memory as ``plan`` says, which ``message`` says in a sentence.

    ``smaller``: memory ran out at the clip ``index``, and the film goes on by this smaller plan, with the same result.
    """

    kind: Literal["memory_planned"] = field(default="memory_planned", kw_only=True)
    plan: MemoryPlan
    message: Told
    smaller: bool = False
    index: int | None = None


@dataclass(frozen=True, slots=True)
class ClipStarted(_Event):
    """The clip at ``index`` (from 0) of a film of ``total`` clips begins, rendered whole or in part."""

    kind: Literal["clip_started"] = field(default="clip_started", kw_only=True)
    index: int
    total: int
    take_hash: str


@dataclass(frozen=True, slots=True)
class SoundHeard(_Event):
    """The model has listened to a ``part`` (0 to 1) of a sound of the film, before the clip at ``index`` can begin."""

    kind: Literal["sound_heard"] = field(default="sound_heard", kw_only=True)
    index: int
    part: float


@dataclass(frozen=True, slots=True)
class StepDone(_Event):
    """Denoising step ``step`` of ``steps`` (from 1) is done; ``seconds_left`` for the whole film, when known."""

    kind: Literal["step_done"] = field(default="step_done", kw_only=True)
    index: int
    step: int
    steps: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class PreviewReady(_Event):
    """A small JPEG of what the clip looks like after ``step``; on a pipe it travels behind the text."""

    kind: Literal["preview_ready"] = field(default="preview_ready", kw_only=True)
    index: int
    step: int
    jpeg: Annotated[bytes, Field(exclude=True)] = b""


@dataclass(frozen=True, slots=True)
class ClipDone(_Event):
    """The take of the clip at ``index`` is on disk after ``seconds``."""

    kind: Literal["clip_done"] = field(default="clip_done", kw_only=True)
    index: int
    take_hash: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ClipReused(_Event):
    """The take of the clip at ``index`` existed already."""

    kind: Literal["clip_reused"] = field(default="clip_reused", kw_only=True)
    index: int
    take_hash: str


@dataclass(frozen=True, slots=True)
class FilmProgress(_Event):
    """``done`` of the ``total`` clips of an export lie in the file that is being written."""

    kind: Literal["film_progress"] = field(default="film_progress", kw_only=True)
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FilmWritten(_Event):
    """The film of ``frames`` frames and ``seconds`` seconds lies at ``path``."""

    kind: Literal["film_written"] = field(default="film_written", kw_only=True)
    path: Path
    frames: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RenderFailed(_Event):
    """The render ended with ``message``, one sentence, at the clip ``index`` when it was one clip's fault."""

    kind: Literal["render_failed"] = field(default="render_failed", kw_only=True)
    message: Told
    index: int | None = None


@dataclass(frozen=True, slots=True)
class RenderStopped(_Event):
    """The user stopped the render at the clip ``index``; ``finished`` takes of the film are on disk."""

    kind: Literal["render_stopped"] = field(default="render_stopped", kw_only=True)
    index: int
    finished: int


RenderEvent = (
    RenderStarted
    | Warned
    | MemoryPlanned
    | ClipStarted
    | SoundHeard
    | StepDone
    | PreviewReady
    | ClipDone
    | ClipReused
    | FilmProgress
    | FilmWritten
    | RenderFailed
    | RenderStopped
)
