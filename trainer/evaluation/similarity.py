"""How like two pictures are to an eye that looks for shapes: the structural similarity (SSIM) of Wang et al., 2004."""

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]  # levels from 0 to 255; the last two axes are height and width

WINDOW, _BLOCK = 8, 4  # uniform windows of 8 x 8 pixels, at every fourth position (as video encoders measure it: fast)
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def structural_similarity(one: Grey, other: Grey) -> float:
    """Mean SSIM of `one [N, H, W]` and `other [N or 1, H, W]`: 1 for equal pictures, about 0 for unrelated ones.

    `H` and `W` at least 8. Equation 13 of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment" (2004).
    """
    mean_one, mean_other = _window_mean(one), _window_mean(other)
    both, squares, squares_other = mean_one * mean_other, mean_one * mean_one, mean_other * mean_other
    spread = _window_mean(one * one) - squares + (_window_mean(other * other) - squares_other)
    shared = _window_mean(one * other) - both
    alike = (2 * both + _C1) * (2 * shared + _C2) / ((squares + squares_other + _C1) * (spread + _C2))
    return float(alike.mean(dtype=np.float64))


def _window_mean(grey: Grey) -> Grey:
    """Mean of every window: blocks of 4 x 4 pixels, then windows of 2 x 2 neighbouring blocks."""
    height, width = (side - side % _BLOCK for side in grey.shape[-2:])
    rows = sum((grey[..., i:height:_BLOCK, :width] for i in range(1, _BLOCK)), grey[..., 0:height:_BLOCK, :width])
    blocks = sum((rows[..., i::_BLOCK] for i in range(1, _BLOCK)), rows[..., ::_BLOCK])
    tall = blocks[..., :-1, :] + blocks[..., 1:, :]
    total: Grey = (tall[..., :-1] + tall[..., 1:]) * np.float32(1 / WINDOW**2)
    return total
