"""Two clips of one video, of which the second goes on from the first, and a frame of the scene that both belong to."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class ChunkPair:
    """`anchor [1, H, W, 3]` and `frames [2 N - known, H, W, 3]`, uint8: two clips of N frames each.

    `known` are the first frames of a clip that goes on which were there before it is made: its anchor and what it
    repeats of the clip before (1 + 4 for one latent handed on). At inference such a clip is decoded as a whole and its
    first `known` frames are cut off at the join. So it is trained as it is decoded: anchor, repeated frames, new ones.
    """

    anchor: Frames
    frames: Frames
    known: int

    @property
    def num_frames(self) -> int:
        """Frames of one clip, N."""
        return (len(self.frames) + self.known) // 2

    @property
    def first(self) -> Frames:
        """The clip before, `[N, H, W, 3]`: also what a clip that starts a chain is trained on, with its own anchor."""
        return self.frames[: self.num_frames]

    @property
    def following(self) -> Frames:
        """The clip that goes on, `[N, H, W, 3]`: the anchor, the last frames of the clip before, and new ones."""
        return np.concatenate([self.anchor, self.frames[self.num_frames - (self.known - 1) :]])


MakePair = Callable[[random.Random], ChunkPair]
