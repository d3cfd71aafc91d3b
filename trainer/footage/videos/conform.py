"""The frames of a clip as the model takes them: by their times at its rate, cropped, scaled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.media.videos.video import TIE, TimedFrame, Video
from trainer.footage.videos.crop import CropBox, cut_out, draw_crop
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.still import is_picture, read_picture
from trainer.footage.videos.video_file import video_file

if TYPE_CHECKING:
    from av import VideoFrame

    from svi_studio.domain.training.footage import FootageClip
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames


def frames(clip: FootageClip, recipe: TrainingRecipe, rng: random.Random | None = None) -> Frames:
    """What is fed: uint8 ``[num_frames, height, width, 3]``, RGB.

    With ``rng`` the crop is drawn as the authors do, within the picture or within a crop that a person chose; without
    it is the one shown. Raises BadInput when the video is gone, damaged or shorter than it was.
    """
    shape = Shape.of(recipe)
    times = sample_times(clip.start, shape.num_frames, shape.fps)
    path = video_file(recipe, clip.source)
    return read_at(path, times, cut=cropper(crop_box(clip, shape, rng), shape.size))


def shown_frames(
    clip: FootageClip, shape: Shape, video: Path, looks: int, beat: Callable[[], None] | None = None
) -> Frames:
    """``looks`` frames of what is fed of a clip, evenly apart, without chance: uint8 ``[looks, height, width, 3]``.

    A short clip has as many as there are. ``beat`` is called for every decoded frame. Raises BadInput.
    """
    count = max(1, min(shape.num_frames, round(clip.seconds * shape.fps)))
    times = np.array(sample_times(clip.start, count, shape.fps))
    picked = times[np.linspace(0, count - 1, min(looks, count)).round().astype(int)]
    return read_at(video, picked.tolist(), beat, cropper(crop_box(clip, shape), shape.size))


def sample_times(start: float, num_frames: int, fps: float) -> list[float]:
    """When to look: in the middle of each of the ``num_frames`` intervals from ``start``, all in seconds.

    The frame on screen then is the one that ffmpeg's ``fps`` filter takes.
    """
    return [start + (index + 0.5) / fps for index in range(num_frames)]


def read_at(
    path: Path,
    times: Sequence[float],
    beat: Callable[[], None] | None = None,
    cut: Callable[[Frames], Frames] | None = None,
) -> Frames:
    """The frames on screen at ``times`` (seconds, rising) as uint8 ``[n, H, W, 3]``, upright.

    ``cut`` changes each frame ``[H, W, 3]`` as soon as it comes, so that large ones do not fill the memory; ``beat`` is
    called for every decoded frame. Raises BadInput, also when the video ends before half of the times.
    """
    if is_picture(path):
        still = read_picture(path)
        still = still if cut is None else cut(still)
        return np.broadcast_to(still, (len(times), *still.shape)).copy()
    pictures: list[Frames] = []
    with Video(path, beat) as video:
        last: VideoFrame | None = None
        for frame in _on_screen(video.frames(times[0]), times):
            if frame is not last:
                picture = video.upright(frame)
                last, newest = frame, picture if cut is None else cut(picture)
            pictures.append(newest)
    if len(pictures) < len(times):
        raise BadInput(f'"{path}" has no frames at {times[-1]:.1f} seconds any more: scan the footage again.')
    return np.stack(pictures)


def _on_screen(coming: Iterator[TimedFrame], times: Sequence[float]) -> Iterator[VideoFrame]:
    """The frame that is shown at each of ``times``; the last one stays, unless half of the times come after it."""
    shown, index = None, 0
    for timed in coming:
        while shown is not None and index < len(times) and times[index] <= timed.seconds + TIE:
            yield shown
            index += 1
        if index == len(times):
            return
        shown = timed.frame
    if shown is not None and index >= len(times) // 2:
        yield from [shown] * (len(times) - index)


def cropper(box: CropBox, size: tuple[int, int]) -> Callable[[Frames], Frames]:
    """What cuts ``box`` out of one frame ``[H, W, 3]`` and brings it to ``size`` (width, height)."""
    return lambda picture: cut_out(picture[None], box, size)[0]


def crop_box(clip: FootageClip, shape: Shape, rng: random.Random | None = None) -> CropBox:
    """The part of the clip's picture that is fed; drawn anew with ``rng`` where the family leaves that to chance."""
    footage = shape.footage
    middle = footage.middle(clip.width, clip.height, shape.size)
    shown = clip.crop.box if clip.crop else middle
    if rng is None or footage.stretched:
        return CropBox(*shown)
    outer = footage.outer(clip.width, clip.height) if shown == middle else shown
    drawn = draw_crop((outer[2] - outer[0], outer[3] - outer[1]), shape.size, rng)
    return CropBox(drawn.left + outer[0], drawn.top + outer[1], drawn.right + outer[0], drawn.bottom + outer[1])
