"""Render requests and takes for tests."""

from typing import Any

from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.domain.takes.take import Take, TakeFile
from tests.builders.storyboards import film, plan_of


def request(name: str, clips: int = 3, status: QueueStatus = QueueStatus.WAITING) -> QueuedRender:
    board = film(clips)
    asked = RenderRequest(id=name, title=f"Request {name}", storyboard=board, first=0, last=clips - 1, quality="draft")
    return QueuedRender(request=asked, status=status, message="Ünï", finished_clips=1)


def a_take(index: int = 0, *, seconds: float = 10.0, step: float = 0.1, size: int = 1000, **changes: Any) -> Take:
    """A take of the clip at ``index`` of a film of 50 steps a clip; ``changes`` are fields of its job."""
    job = plan_of(film(index + 1)).jobs[index]
    job = job.model_copy(update=changes)
    return Take(
        take_hash=job.take_hash,
        parent_hash=job.parent_hash,
        job=job,
        num_frames=job.num_frames,
        files=(TakeFile(name="frames.mkv", sha256="e" * 64, size=size),),
        created_at=f"2026-01-01T00:00:{index:02}+00:00",
        render_seconds=seconds,
        seconds_per_step=step,
    )
