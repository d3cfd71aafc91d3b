"""What the dataset needs to know of a clip, wherever it comes from."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton
    from svi_studio.media.frames import Frames
    from trainer.dataset.chunk_pair import MakePair

MakeFrames = Callable[[random.Random], "Frames"]


@dataclass(frozen=True)
class SoundSource:
    """The sound of a clip: from the frame `first` on, at the clip's rate, of the media file `file`.

    `content` stands for the file's content.
    """

    file: Path
    content: str
    first: int


@dataclass(frozen=True)
class SkeletonSource:
    """The skeleton of a clip. `drawn()` gives it as the model sees it, uint8 `[num_frames, H, W, 3]`.

    `content` stands for everything that decides the drawings. `fed()` is the skeleton itself, on a canvas that is the
    part of the picture which is fed. Both raise a StudioError when a file cannot be read.
    """

    content: str
    drawn: Callable[[], Frames]
    fed: Callable[[], Skeleton]


@dataclass(frozen=True)
class ClipSource:
    """One clip of a training.

    `name` is for people. `num_frames` is 4n + 1. `content` stands for everything that decides the pixels, so that what
    was computed from them can be found again. `frames(rng)` gives uint8 `[num_frames, H, W, 3]` at the recipe's size,
    cut out as `rng` draws it; it raises a StudioError when the video cannot be read. `sound` and `skeleton` are what
    else the clip is made from, where its family needs that. `pair(rng)` gives the clip with the one before it, where
    the family hands latents on; `frames` are then those of the clip before. An epoch shows the clip `times` times.
    `size` is its width and height where they are not the recipe's; clips of one batch have the same. `is_learned`: that
    the training learns from it.
    """

    name: str
    content: str
    num_frames: int
    caption: str
    frames: MakeFrames
    sound: SoundSource | None = None
    skeleton: SkeletonSource | None = None
    pair: MakePair | None = None
    times: int = 1
    size: tuple[int, int] | None = None
    is_learned: bool = False

    def variant_rng(self, variant: int) -> random.Random:
        """The source of everything random about one variant: the same on every computer and in every training."""
        return random.Random(f"{self.content} {variant}")
