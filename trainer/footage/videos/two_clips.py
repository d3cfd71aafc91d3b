"""The frames of two clips that go on from each other, and of an anchor from elsewhere in their scene."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from svi_studio.media.videos.video import TIE
from trainer.footage.videos.conform import crop_box, cropper, read_at, sample_times
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.video_file import video_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svi_studio.domain.training.footage import FootageClip
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames


Span = tuple[float, float]
"""Start and end in a video, in seconds."""


def two_clips(
    clip: FootageClip, recipe: TrainingRecipe, rng: random.Random, spared: Sequence[Span] = ()
) -> tuple[Frames, Frames]:
    """All frames of the window ``clip``, and one frame of their scene that its second clip does not show.

    ``spared``: spans of the video that the frame is not from. uint8 ``[n, H, W, 3]`` with n =
    ``Shape.of(recipe).num_frames``, and ``[1, H, W, 3]``, both of one crop, which is drawn as the authors do. Raises
    BadInput when the video is gone, damaged or shorter than it was.
    """
    shape = Shape.of(recipe)
    cut = cropper(crop_box(clip, shape, rng), shape.size)
    path = video_file(recipe, clip.source)
    window = read_at(path, sample_times(clip.start, shape.num_frames, shape.fps), cut=cut)
    place = anchor_place(clip, shape, shape.num_frames - (recipe.num_frames - 1), rng, spared)
    if 0 <= place < len(window):
        return window, window[place : place + 1]
    return window, read_at(path, [clip.start + (place + 0.5) / shape.fps], cut=cut)


def anchor_place(clip: FootageClip, shape: Shape, second: int, rng: random.Random, spared: Sequence[Span] = ()) -> int:
    """Which frame is the anchor, counted from the window's first; below 0 and past its end are frames of the scene.

    The frames from ``second`` to the window's end are in the clip that is made; all others are equally likely, but for
    those that are ``spared``, as an anchor is encoded into what is learned. The authors draw the anchor from outside of
    that clip as well (their answers in issue 79 of SVI): at inference it is the picture that a film began with, however
    long ago.
    """
    start, end = clip.scene or (clip.start, clip.start + clip.seconds)
    earlier = max(0, int((clip.start - start) * shape.fps + TIE))
    later = max(0, int((end - clip.start) * shape.fps + TIE) - shape.num_frames)
    places = [*range(-earlier, second), *range(shape.num_frames, shape.num_frames + later)]
    allowed = [place for place in places if not _is_spared(clip.start + place / shape.fps, 1 / shape.fps, spared)]
    allowed = allowed or list(range(second))  # of its own window, which is learned from anyhow
    return allowed[rng.randrange(len(allowed))]


def _is_spared(start: float, seconds: float, spared: Sequence[Span]) -> bool:
    """Whether a frame that is shown for ``seconds`` from ``start`` on lies in one of the spans, if only in part."""
    return any(start < end - TIE and begin + TIE < start + seconds for begin, end in spared)
