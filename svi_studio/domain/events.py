"""What happens during a render, as small frozen messages that any front end can show or print."""

import base64
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value) if isinstance(value, Path) else value


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str]

    def to_json(self) -> str:
        """One line of JSON: ``kind`` and the fields; pictures as base64."""
        fields = {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        return json.dumps({"kind": self.kind, **fields}, ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class RenderStarted(_Event):
    """A film of ``total`` clips begins; ``reused`` takes exist already."""

    kind = "render_started"
    total: int
    to_render: int
    reused: int


@dataclass(frozen=True, slots=True)
class Warned(_Event):
    """What will not come out as the user may think, in one sentence; the render goes on.

    ``index`` is the clip that it is about, None = all of the film.
    """

    kind = "warning"
    message: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class ClipStarted(_Event):
    """The clip at ``index`` (from 0) begins."""

    kind = "clip_started"
    index: int
    total: int
    take_hash: str


@dataclass(frozen=True, slots=True)
class StepDone(_Event):
    """Denoising step ``step`` of ``steps`` (from 1) is done; ``seconds_left`` for the whole film, when known."""

    kind = "step_done"
    index: int
    step: int
    steps: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class PreviewReady(_Event):
    """A small JPEG of what the clip looks like after ``step``."""

    kind = "preview_ready"
    index: int
    step: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ClipDone(_Event):
    """The take of the clip at ``index`` is on disk after ``seconds``."""

    kind = "clip_done"
    index: int
    take_hash: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ClipReused(_Event):
    """The take of the clip at ``index`` existed already."""

    kind = "clip_reused"
    index: int
    take_hash: str


@dataclass(frozen=True, slots=True)
class FilmProgress(_Event):
    """``done`` of the ``total`` clips of an export lie in the file that is being written."""

    kind = "film_progress"
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FilmWritten(_Event):
    """The film of ``frames`` frames and ``seconds`` seconds lies at ``path``."""

    kind = "film_written"
    path: Path
    frames: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RenderFailed(_Event):
    """The render ended with ``message``, one sentence, at the clip ``index`` when it was one clip's fault."""

    kind = "render_failed"
    message: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class RenderStopped(_Event):
    """The user stopped the render at the clip ``index``; ``finished`` takes of the film are on disk."""

    kind = "render_stopped"
    index: int
    finished: int


RenderEvent = (
    RenderStarted
    | Warned
    | ClipStarted
    | StepDone
    | PreviewReady
    | ClipDone
    | ClipReused
    | FilmProgress
    | FilmWritten
    | RenderFailed
    | RenderStopped
)
