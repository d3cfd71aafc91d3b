"""Finds the person in one clip: in exactly the frames that are fed, and in no other part of the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.poses.skeleton import Points, Skeleton
from svi_studio.media.poses.tracking.chase import Chase, Step
from svi_studio.media.poses.tracking.dancer import cleaned
from svi_studio.media.poses.tracking.timeline import SteadyFrames, Timeline
from trainer.footage.videos.conform import crop_box, read_at, sample_times

if TYPE_CHECKING:
    from svi_studio.domain.training.footage import FootageClip
    from svi_studio.media.frames import Frames
    from svi_studio.media.poses.tracking.found import PeopleFinder, Picture
    from trainer.footage.videos.crop import CropBox
    from trainer.footage.videos.shape import Shape

Signs = tuple[Callable[[], None], Callable[[], None]]
"""Called for every frame that is decoded, and for every one in which somebody was looked for."""

_SHORT_SIDE = 720  # pixels; more does not help, and 81 frames of 4K would fill the memory


@dataclass(frozen=True)
class FoundInClip:
    """A skeleton of a clip's frames in pixels of its whole picture, and how many people were in sight at most."""

    skeleton: Skeleton
    people: int


class ClipFrames(SteadyFrames):
    """The frames of one clip, `[N, H, W, 3]`, in memory."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def forward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        """The frames `first` up to, not including, `stop`."""
        return ((number, self._frames[number]) for number in range(first, stop))

    def backward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        """The same frames, the last one first."""
        return ((number, self._frames[number]) for number in reversed(range(first, stop)))

    def at(self, number: int) -> Picture:
        """One frame."""
        return self._frames[number]


def find_in_clip(
    clip: FootageClip,
    shape: Shape,
    video: Path,
    finder: PeopleFinder,
    signs: Signs,
) -> FoundInClip:
    """The skeleton of the person who is seen best in `clip`; nobody at all is one without a joint. Raises BadInput."""
    beat, looked = signs
    box = crop_box(clip, shape)
    size = _looked_at(box)
    times = sample_times(clip.start, shape.num_frames, shape.fps)
    frames = read_at(video, times, beat, lambda picture: _part(picture, box, size))
    found = found_in_frames(frames, shape.fps, finder, looked)
    placed = {name: _placed(points, box, size) for name, points in found.skeleton.parts.items()}
    whole = found.skeleton.with_parts(placed, width=clip.width, height=clip.height)
    return FoundInClip(whole, found.people)


def found_in_frames(
    frames: Frames, fps: float, finder: PeopleFinder, looked: Callable[[], None] = lambda: None
) -> FoundInClip:
    """The skeleton of the person who is seen best in `frames [N, H, W, 3]`, which have no cut between them."""

    def tell(_step: Step) -> None:
        looked()

    rate = exact_rate(fps)
    timeline = Timeline(rate, len(frames), ((0, len(frames)),))
    chase = Chase(ClipFrames(frames), finder, timeline, tell)
    chase.run(())
    height, width = frames.shape[1:3]
    hands = chase.hands["left_hand"], chase.hands["right_hand"]
    return FoundInClip(cleaned(Skeleton(rate, width, height, chase.body, *hands), ()), chase.people)


def _looked_at(box: CropBox) -> tuple[int, int]:
    """Width and height that the part of the picture is looked at in."""
    wide, high = box.right - box.left, box.bottom - box.top
    factor = min(1.0, _SHORT_SIDE / min(wide, high))
    return max(1, round(wide * factor)), max(1, round(high * factor))


def _part(picture: Frames, box: CropBox, size: tuple[int, int]) -> Frames:
    part = picture[box.top : box.bottom, box.left : box.right]
    if (part.shape[1], part.shape[0]) == size:
        return np.ascontiguousarray(part)
    return np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BILINEAR))


def _placed(points: Points, box: CropBox, size: tuple[int, int]) -> Points:
    """Joints `[N, joints, 3]` of the part, in pixels of the whole picture."""
    placed = points.copy()
    placed[..., 0] = points[..., 0] * ((box.right - box.left) / size[0]) + box.left
    placed[..., 1] = points[..., 1] * ((box.bottom - box.top) / size[1]) + box.top
    placed[points[..., 2] <= 0] = 0
    return placed


def seen_share(skeleton: Skeleton) -> float:
    """In which share of its frames the person is seen, 0 to 1."""
    return float(skeleton.has_person.mean())
