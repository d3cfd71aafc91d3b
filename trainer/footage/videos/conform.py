"""The frames of a clip as the model takes them: by their times at its rate, cropped, scaled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.pictures.picture_look import middle_of_shape
from svi_studio.domain.training.footage import Crop, FootageClip
from svi_studio.media.videos.video import TIE, TimedFrame, Video
from trainer.footage.videos.crop import CropBox, cut_out, draw_crop
from trainer.footage.videos.shape import Shape

if TYPE_CHECKING:
    from av import VideoFrame

    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames


def frames(clip: FootageClip, recipe: TrainingRecipe, rng: random.Random | None = None) -> Frames:
    """What is fed: uint8 ``[num_frames, height, width, 3]``, RGB.

    With ``rng`` the crop is drawn as the authors do, within the picture or within a crop that a person chose; without
    it is the one shown. Raises BadInput when the video is gone, damaged or shorter than it was.
    """
    return frames_within(clip, recipe, crop_box(clip, (recipe.width, recipe.height), rng))


def frames_within(clip: FootageClip, recipe: TrainingRecipe, box: CropBox) -> Frames:
    """Like ``frames``, of the part ``box`` of the picture, scaled to the recipe's size whatever its shape."""
    times = sample_times(clip.start, recipe.num_frames, recipe.fps)
    path = Path(recipe.footage) / clip.source
    return read_at(path, times, cut=_cropper(box, (recipe.width, recipe.height)))


def shown_frames(
    clip: FootageClip, shape: Shape, video: Path, looks: int, beat: Callable[[], None] | None = None
) -> Frames:
    """``looks`` frames of what is fed of a clip, evenly apart, without chance: uint8 ``[looks, height, width, 3]``.

    A short clip has as many as there are. ``beat`` is called for every decoded frame. Raises BadInput.
    """
    count = max(1, min(shape.num_frames, round(clip.seconds * shape.fps)))
    times = np.array(sample_times(clip.start, count, shape.fps))
    picked = times[np.linspace(0, count - 1, min(looks, count)).round().astype(int)]
    return read_at(video, picked.tolist(), beat, _cropper(crop_box(clip, shape.size), shape.size))


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


def _cropper(box: CropBox, size: tuple[int, int]) -> Callable[[Frames], Frames]:
    return lambda picture: cut_out(picture[None], box, size)[0]


def crop_box(clip: FootageClip, size: tuple[int, int], rng: random.Random | None = None) -> CropBox:
    """The part of the clip's picture that is fed at ``size`` (width, height); drawn anew with ``rng``."""
    middle = middle_of_shape(clip.width, clip.height, size)
    shown = clip.crop.box if clip.crop else middle
    if rng is None:
        return CropBox(*shown)
    outer = (0, 0, clip.width, clip.height) if shown == middle else shown
    drawn = draw_crop((outer[2] - outer[0], outer[3] - outer[1]), size, rng)
    return CropBox(drawn.left + outer[0], drawn.top + outer[1], drawn.right + outer[0], drawn.bottom + outer[1])


def middle_crop(width: int, height: int, size: tuple[int, int]) -> Crop:
    """The largest part in the middle of a ``width`` x ``height`` picture that has the shape of ``size``."""
    left, top, right, bottom = middle_of_shape(width, height, size)
    return Crop(left=left, top=top, width=right - left, height=bottom - top)
