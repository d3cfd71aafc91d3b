"""The frames of a clip as the model takes them: by their times at its rate, cropped, scaled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.footage import Crop, FootageClip
from svi_studio.media.cut_to_fit import middle_of_shape
from trainer.dataset.crop import CropBox, cut_out, draw_crop
from trainer.footage.video import TIE, TimedFrame, Video

if TYPE_CHECKING:
    from av import VideoFrame

    from svi_studio.media.frames import Frames


class Shape(Protocol):
    """What a model takes at once; a training recipe is one."""

    @property
    def num_frames(self) -> int:
        """Frames of a clip."""

    @property
    def fps(self) -> float:
        """Frames a second."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""


class FootageShape(Shape, Protocol):
    """A shape and the folder that clips name their videos below; a training recipe is one."""

    @property
    def footage(self) -> str:
        """The folder with the videos."""


def frames(clip: FootageClip, recipe: FootageShape, rng: random.Random | None = None) -> Frames:
    """What is fed: uint8 ``[num_frames, height, width, 3]``, RGB.

    With ``rng`` the crop is drawn as the authors do, within the picture or within a crop that a person chose; without
    it is the one shown. Raises BadInput when the video is gone, damaged or shorter than it was.
    """
    size = (recipe.width, recipe.height)
    times = sample_times(clip.start, recipe.num_frames, recipe.fps)
    pictures = read_at(Path(recipe.footage) / clip.source, times)
    return cut_out(pictures, crop_box(clip, size, rng), size)


@dataclass(frozen=True, slots=True)
class PlainShape:
    """The shape of what a model takes, and nothing else of the recipe."""

    num_frames: int
    fps: float
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def seconds(self) -> float:
        """How long a clip lasts."""
        return self.num_frames / self.fps


def shown_frames(clip: FootageClip, shape: PlainShape, video: Path, beat: Callable[[], None] | None = None) -> Frames:
    """What is fed of a clip, without chance: uint8 ``[n, height, width, 3]``; of a short clip, what there is of it.

    ``beat`` is called for every decoded frame. Raises BadInput.
    """
    count = max(1, min(shape.num_frames, round(clip.seconds * shape.fps)))
    pictures = read_at(video, sample_times(clip.start, count, shape.fps), beat)
    return cut_out(pictures, crop_box(clip, shape.size), shape.size)


def sample_times(start: float, num_frames: int, fps: float) -> list[float]:
    """When to look: in the middle of each of the ``num_frames`` intervals from ``start``, all in seconds.

    The frame on screen then is the one that ffmpeg's ``fps`` filter takes.
    """
    return [start + (index + 0.5) / fps for index in range(num_frames)]


def read_at(path: Path, times: Sequence[float], beat: Callable[[], None] | None = None) -> Frames:
    """The frames on screen at ``times`` (seconds, rising) as uint8 ``[n, H, W, 3]``, upright; raises BadInput."""
    pictures: list[Frames] = []
    with Video(path, beat) as video:
        last: VideoFrame | None = None
        for frame in _on_screen(video.frames(times[0], woven=False), times):
            pictures.append(pictures[-1] if frame is last else video.upright(frame))
            last = frame
    if not pictures:
        raise BadInput(f'"{path}" has no frame at {times[0]:.1f} seconds: scan the footage again.')
    return np.stack(pictures)


def _on_screen(coming: Iterator[TimedFrame], times: Sequence[float]) -> Iterator[VideoFrame]:
    """The frame that is shown at each of ``times``; the last one stays."""
    shown, index = None, 0
    for timed in coming:
        while shown is not None and index < len(times) and times[index] <= timed.seconds + TIE:
            yield shown
            index += 1
        if index == len(times):
            return
        shown = timed.frame
    if shown is not None:
        yield from [shown] * (len(times) - index)


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
