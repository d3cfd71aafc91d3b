"""How much a take moves, as one figure that its size, its frames a second and its light do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

SECONDS = 1 / 8
"""Between two frames that are compared: long enough for several frames of any film, short for any motion."""
_SHORT_SIDE = 64  # pixels that a picture is averaged to: noise and fine grain are no motion
_FLAT = 0.5  # levels: in a picture of one colour nothing can be seen to move


def movement(frames: Frames, fps: float) -> float:
    """How much `frames [N, H, W, 3]` move: percent of the picture's contrast that change in an eighth of a second.

    The pictures are averaged to about 64 pixels on the short side. Of frames k apart, k the nearest to 1/8 s, the mean
    absolute difference is taken, less what all pixels have in common: a light that goes down everywhere is no motion.
    It is divided by the mean absolute deviation of the pixels from their picture's mean colour, and brought to 1/8 s.
    0 for a take that stands still, is flat, or is shorter than that.
    """
    apart = max(1, round(fps * SECONDS))
    if len(frames) <= apart:
        return 0.0
    small = np.stack([_averaged(frame) for frame in frames])
    contrast = float(np.abs(small - small.mean(axis=(1, 2), keepdims=True)).mean())
    if contrast < _FLAT:
        return 0.0
    change = small[apart:] - small[:-apart]
    change -= change.mean(axis=(1, 2), keepdims=True)
    return 100 * float(np.abs(change).mean()) / contrast * (fps * SECONDS / apart)


def _averaged(frame: Frames) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
    """`frame [H, W, 3]` as means of square blocks; rows and columns that fill no block are left out."""
    height, width = frame.shape[:2]
    block = max(1, round(min(height, width) / _SHORT_SIDE))
    rows, columns = height // block, width // block
    cut = frame[: rows * block, : columns * block]
    blocks: np.ndarray[tuple[int, int, int], np.dtype[np.float32]] = cut.reshape(rows, block, columns, block, 3).mean(
        axis=(1, 3), dtype=np.float32
    )
    return blocks
