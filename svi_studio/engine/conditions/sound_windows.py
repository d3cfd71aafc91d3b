"""Which frames of sound each latent frame of a clip hears: the authors' windows, for a clip of any length 4n + 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

_AROUND = 2


def window_indexes(start: int, num_frames: int, length: int) -> tuple[Tensor, Tensor]:
    """Frames of a sound of `length` frames that a clip from frame `start` on hears: int64 `[1, 5]` and `[T - 1, 8]`.

    The first latent hears its frame and two on either side. A later one stands for four frames: it hears their own
    windows, each frame once (the authors' `[0:3]` of the first, the middle of the inner two, `[2:5]` of the last).
    Beyond either end of the sound its outermost frame stands. Raises ValueError for a `num_frames` that is not 4n + 1.
    """
    if num_frames % 4 != 1 or num_frames < 1 or length < 1:
        raise ValueError(f"a clip of {num_frames} frames, a sound of {length}: neither can be cut into windows")
    around = torch.arange(-_AROUND, _AROUND + 1)
    groups = torch.arange(1, num_frames, 4)[:, None]  # [T - 1, 1], the first frame of each
    later = start + groups + torch.arange(-_AROUND, 4 + _AROUND)
    return (start + around)[None].clamp(0, length - 1), later.clamp(0, length - 1)


def sound_windows(features: Tensor, start: int, num_frames: int) -> tuple[Tensor, Tensor]:
    """The windows `first [1, 1, 5, L, C]` and `later [1, T - 1, 8, L, C]` of a sound's `features [frames, L, C]`."""
    first, later = window_indexes(start, num_frames, len(features))
    return features[first][None], features[later][None]
