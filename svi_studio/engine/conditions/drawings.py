"""Drawn skeletons at a film's size: as large as fits, pixels as they are, the rest black."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


def fit_drawings(drawings: Frames, width: int, height: int) -> Frames:
    """uint8 `drawings [N, h, w, 3]` in the middle of black ones of `width` x `height` pixels: `[N, height, width, 3]`.

    Enlarged or made smaller by the nearest pixel with the aspect kept (the authors' `resize_and_pad_to_target`).
    """
    rows, columns = drawings.shape[1:3]
    scale = min(width / columns, height / rows)
    fitted_rows, fitted_columns = max(1, int(rows * scale)), max(1, int(columns * scale))
    chosen = drawings[:, _nearest(rows, fitted_rows)][:, :, _nearest(columns, fitted_columns)]
    if (fitted_rows, fitted_columns) == (height, width):
        return chosen
    top, left = (height - fitted_rows) // 2, (width - fitted_columns) // 2
    fitted = np.zeros((len(drawings), height, width, 3), np.uint8)
    fitted[:, top : top + fitted_rows, left : left + fitted_columns] = chosen
    return fitted


def _nearest(size: int, wanted: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which of `size` pixels each of `wanted` pixels takes: torch's `nearest`, which cuts and does not round."""
    scale = np.float32(size) / np.float32(wanted)
    return np.minimum((np.arange(wanted, dtype=np.float32) * scale).astype(np.intp), size - 1)
