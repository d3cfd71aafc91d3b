"""Copies of clips that were spoilt by hand, as drifting films look: harsh contrast, colours too strong, soft patches.

The kinds, how often each comes and how strong it is are those of EverAnimate, the later work of SVI's authors. There
each frame is equalised by its own histogram; here all frames of a clip share one, so that a still place stays still.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

DEGRADING = 1
"""Changes whenever the same clip would be spoilt in another way."""

EQUALISED, SATURATED, BRIGHTENED, PATCHED = 0.9, 0.3, 0.1, 0.9
"""How often each kind comes; each is drawn by itself."""

_CLIP_LIMIT = (1.5, 4.0)  # of a histogram's bins, in mean heights; 2 and 3 are what people usually take
_TILES = 8
_SATURATION, _BRIGHTNESS = (1.3, 3.0), (0.8, 1.2)
_PATCHES, _PATCH_SIDE, _SMALLER = (1, 4), (0.1, 0.3), (8, 32)
_LEVELS = 256
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def degraded(frames: Frames, rng: random.Random) -> Frames:
    """A spoilt copy of `frames [N, H, W, 3]`, uint8; the same for the same state of `rng`."""
    video = torch.from_numpy(frames.astype(np.float32)).permute(0, 3, 1, 2) / 255  # [N, 3, H, W] in [0, 1]
    if rng.random() < EQUALISED:
        video = equalised(video, rng.uniform(*_CLIP_LIMIT))
    if rng.random() < SATURATED:
        video = saturated(video, rng.uniform(*_SATURATION))
    if rng.random() < BRIGHTENED:
        video = (video * rng.uniform(*_BRIGHTNESS)).clamp(0, 1)
    if rng.random() < PATCHED:
        for _ in range(rng.randint(*_PATCHES)):
            video = with_soft_patch(video, rng)
    return (video * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def saturated(video: Tensor, factor: float) -> Tensor:
    """`video [N, 3, H, W]` in [0, 1] with colours `factor` times as far from grey."""
    grey = _grey(video)
    return (grey + factor * (video - grey)).clamp(0, 1)


def with_soft_patch(video: Tensor, rng: random.Random) -> Tensor:
    """`video [N, 3, H, W]` with one box, the same in all frames, made 8 to 32 times smaller and large again."""
    height, width = video.shape[2:]
    rows, columns = (max(1, round(side * rng.uniform(*_PATCH_SIDE))) for side in (height, width))
    top, left = rng.randint(0, height - rows), rng.randint(0, width - columns)
    times = rng.randint(*_SMALLER)
    box = video[:, :, top : top + rows, left : left + columns]
    small = F.adaptive_avg_pool2d(box, (max(1, rows // times), max(1, columns // times)))
    video = video.clone()
    video[:, :, top : top + rows, left : left + columns] = F.interpolate(small, (rows, columns), mode="bilinear")
    return video


def equalised(video: Tensor, clip_limit: float, tiles: int = _TILES) -> Tensor:
    """`video [N, 3, H, W]` in [0, 1] after contrast-limited adaptive histogram equalisation of its brightness.

    Each of `tiles` x `tiles` parts of the picture has a histogram of all frames; what stands higher than `clip_limit`
    times its mean is spread over all bins. A pixel's level is mapped by the summed bins of the four nearest parts,
    bilinearly (Pizer et al. 1987). The change of brightness is added to all three channels, so that hues stay.
    """
    grey = _grey(video)[:, 0]  # [N, H, W]
    levels = (grey * (_LEVELS - 1)).round().long()
    curves = _curves(levels, clip_limit, tiles)  # [tiles, tiles, 256]
    up, down, low = _neighbours(levels.shape[1], tiles)
    left, right, near = _neighbours(levels.shape[2], tiles)
    above = torch.lerp(_mapped(curves, up, left, levels), _mapped(curves, up, right, levels), near)
    below = torch.lerp(_mapped(curves, down, left, levels), _mapped(curves, down, right, levels), near)
    mapped = torch.lerp(above, below, low[:, None])
    return (video + (mapped - grey)[:, None]).clamp(0, 1)


def _grey(video: Tensor) -> Tensor:
    return (video * video.new_tensor(_LUMA)[:, None, None]).sum(1, keepdim=True)


def _curves(levels: Tensor, clip_limit: float, tiles: int) -> Tensor:
    """What each level of each part becomes, in [0, 1]: the clipped histogram, summed up."""
    height, width = levels.shape[1:]
    part = (torch.arange(height) * tiles // height)[:, None] * tiles + torch.arange(width) * tiles // width
    places = (part * _LEVELS + levels).flatten()
    counts = torch.bincount(places, minlength=tiles * tiles * _LEVELS).view(tiles, tiles, _LEVELS).float()
    mean = counts.mean(2, keepdim=True)
    clipped = counts.minimum(clip_limit * mean)
    clipped = clipped + (counts - clipped).mean(2, keepdim=True)
    return clipped.cumsum(2) / clipped.sum(2, keepdim=True).clamp(min=1)


def _neighbours(side: int, tiles: int) -> tuple[Tensor, Tensor, Tensor]:
    """For every pixel of a side the parts before and behind it, and how far it is from the one before, 0 to 1."""
    place = ((torch.arange(side) + 0.5) * tiles / side - 0.5).clamp(0, tiles - 1)
    before = place.floor().long()
    return before, (before + 1).clamp(max=tiles - 1), place - before


def _mapped(curves: Tensor, rows: Tensor, columns: Tensor, levels: Tensor) -> Tensor:
    """`levels [N, H, W]` by the curves of the parts `rows [H]` and `columns [W]`."""
    return curves[rows[:, None], columns[None, :], levels]
