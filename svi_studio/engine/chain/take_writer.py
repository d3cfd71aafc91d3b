"""Writes the pictures of a take: lossless video, viewing video, tail frames, poster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PIL import Image

from svi_studio.domain.film.family import family
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO, POSTER, VIEWING_VIDEO
from svi_studio.engine.denoising.carry import save_tail
from svi_studio.media.formats import FFV1, H264
from svi_studio.media.video_writer import open_writer

if TYPE_CHECKING:
    from svi_studio.domain.render.plan import RenderPlan
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.domain.takes.take import TakeDraft
    from svi_studio.media.frames import Frames

_BATCH = 16


def write_pictures(frames: Frames, job: ClipJob, plan: RenderPlan, draft: TakeDraft) -> None:
    """Writes `frames [N, H, W, 3]` of `job` into `draft`, a few at a time into both videos at once.

    Raises OSError, StudioError or DiskFull when the disk refuses.
    """
    profile = family(job.family)
    notes = {"title": plan.title, "comment": f"take {job.take_hash}"}
    video = partial(open_writer, width=job.width, height=job.height, fps=plan.fps, metadata=notes)
    with (
        video(draft.path(LOSSLESS_VIDEO), film_format=FFV1) as exact,
        video(draft.path(VIEWING_VIDEO), film_format=H264, quality=profile.quality, enlarge=plan.enlarge) as viewing,
    ):
        for start in range(0, len(frames), _BATCH):
            exact.write(frames[start : start + _BATCH])
            viewing.write(frames[start : start + _BATCH])
    save_tail(frames, profile.num_motion_frames, draft.path)
    Image.fromarray(frames[len(frames) // 2]).save(draft.path(POSTER))
