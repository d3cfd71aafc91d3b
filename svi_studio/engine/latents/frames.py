"""Decoded floats to uint8 frames, the way the authors' program does it: by truncation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def truncate_into(video: Tensor, frames: Tensor) -> None:
    """Writes float `video [3, n, H, W]`, nominally in [-1, 1], into uint8 `frames [n, H, W, 3]`.

    `(x + 1) * 127.5`, clipped to 0..255 and truncated. Rounding would make every frame half a level brighter, and the
    next clip starts from these frames. `video` is used as scratch space: its values are lost.
    """
    video.add_(1).mul_(127.5).clamp_(0, 255)
    frames.copy_(video.permute(1, 2, 3, 0))
