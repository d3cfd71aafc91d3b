"""The files that a clip starts from and ends on: its anchor, the picture that it ends on, the video before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from svi_studio.domain.film.family import family
from svi_studio.engine.chain.unchanged import check_unchanged
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.pixels import resize_picture, to_signed
from svi_studio.engine.denoising.recent_results import RecentResults
from svi_studio.engine.latents.vae import encode_video
from svi_studio.media.images import open_reference
from svi_studio.media.inside import resolve_inside
from svi_studio.media.videos.tail import read_tail

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from svi_studio.domain.pictures.picture_look import Box, Colours
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.media.frames import Frames


class ClipFiles:
    """The pictures and videos of the clips of one film, whose files lie in its `folder`; the last few are kept."""

    def __init__(self, vae: Any, folder: Path, should_stop: Callable[[], bool]) -> None:
        self._vae = vae
        self._folder = folder
        self._should_stop = should_stop
        self._pictures: RecentResults[Frames] = RecentResults(4)
        self._videos: RecentResults[Frames] = RecentResults(2)

    def anchor(self, job: ClipJob) -> Frames:
        """The reference picture of `job` at its size, `[1, H, W, 3]`. Raises BadInput, OSError, Stopped."""
        if job.video_anchor:
            return self._tail(job, job.image, job.image_hash, 1, 1, job.crop)
        return self._picture(job, job.image, job.image_hash, job.crop, job.colours)

    def end(self, job: ClipJob) -> Frames | None:
        """The picture that the clip ends on, `[1, H, W, 3]`, if there is one. Raises as `anchor`."""
        if job.end_image_hash is None:
            return None
        return self._picture(job, job.end_image, job.end_image_hash, job.end_crop, job.end_colours)

    def carry(self, job: ClipJob) -> Carry | None:
        """What the clip goes on from in a video, as if that were a take, if there is one. Raises as `anchor`.

        The latents of a family that hands some on come from the video's last frames, a stride more than they stand for.
        """
        if job.start_video_hash is None:
            return None
        profile = family(job.family)
        count, wanted = profile.num_motion_frames, profile.num_video_frames
        frames = self._tail(job, job.start_video, job.start_video_hash, wanted, job.start_step, job.start_crop)
        if not profile.hands_on_latents:
            return Carry(frames[-count:], torch.empty(0))
        stride = self._vae.config.scale_factor_temporal
        latents = encode_video(self._vae, to_signed(frames[-1 - stride * (count + 1) :])[None])
        return Carry(frames[-count:], latents[:, :, -count:].cpu())

    def _picture(self, job: ClipJob, image: str, sha256: str, crop: Box | None, colours: Colours) -> Frames:
        def read() -> Frames:
            path = resolve_inside(self._folder, image)
            picture = open_reference(path, colours, self._should_stop)
            check_unchanged(path, sha256)
            return resize_picture(picture, job.width, job.height, crop)

        return self._pictures.get(f"{job.width}x{job.height} {image} {sha256} {crop} {colours}", read)

    def _tail(self, job: ClipJob, video: str, sha256: str, count: int, step: int, crop: Box | None) -> Frames:  # noqa: PLR0917
        def fit(frame: Frames) -> Frames:
            return resize_picture(Image.fromarray(frame), job.width, job.height, crop)[0]

        def read() -> Frames:
            path = resolve_inside(self._folder, video)
            tail = read_tail(path, count, step, fit=fit, should_stop=self._should_stop)
            check_unchanged(path, sha256, "video")
            return np.stack(tail)

        return self._videos.get(f"{job.width}x{job.height} {video} {sha256} {count} {step} {crop}", read)
