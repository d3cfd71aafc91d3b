"""Drawn skeletons at a film's size: as large as fits, pixels as they are, the rest black."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from svi_studio.domain.film.model_card import SkeletonResize
from svi_studio.media.frames import Frames


def fit_drawings(drawings: Frames, width: int, height: int) -> Frames:
    """uint8 `drawings [N, h, w, 3]` in the middle of black ones of `width` x `height` pixels: `[N, height, width, 3]`.

    Enlarged or made smaller by the nearest pixel with the aspect kept (the authors' `resize_and_pad_to_target`).
    """
    return _padded(drawings, width, height, _by_nearest, int)


def fit_drawings_by_area(drawings: Frames, width: int, height: int) -> Frames:
    """The same, each pixel the mean of all that come to lie in it: for a film far smaller than its drawings.

    Sizes are rounded: of 48 rows one that is cut away would shift a foot by as much as a leg is thick.
    """
    return _padded(drawings, width, height, _by_area, round)


RESIZES: Mapping[SkeletonResize, Callable[[Frames, int, int], Frames]] = MappingProxyType(
    {"nearest": fit_drawings, "area": fit_drawings_by_area}
)
"""By the word of a model's card."""


def _padded(
    drawings: Frames,
    width: int,
    height: int,
    resize: Callable[[Frames, int, int], Frames],
    whole: Callable[[float], int],
) -> Frames:
    rows, columns = drawings.shape[1:3]
    scale = min(width / columns, height / rows)
    wide, high = max(1, whole(columns * scale)), max(1, whole(rows * scale))
    chosen = resize(drawings, wide, high)
    if (wide, high) == (width, height):
        return chosen
    top, left = (height - high) // 2, (width - wide) // 2
    fitted = np.zeros((len(drawings), height, width, 3), np.uint8)
    fitted[:, top : top + high, left : left + wide] = chosen
    return fitted


def _by_nearest(drawings: Frames, width: int, height: int) -> Frames:
    rows, columns = (_nearest(size, wanted) for size, wanted in zip(drawings.shape[1:3], (height, width), strict=True))
    return drawings[:, rows][:, :, columns]


def _by_area(drawings: Frames, width: int, height: int) -> Frames:
    import cv2  # noqa: PLC0415 - slow to import

    resized = [cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA) for each in drawings]
    return np.stack(resized).astype(np.uint8, copy=False)


def _nearest(size: int, wanted: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which of `size` pixels each of `wanted` pixels takes: torch's `nearest`, which cuts and does not round."""
    scale = np.float32(size) / np.float32(wanted)
    return np.minimum((np.arange(wanted, dtype=np.float32) * scale).astype(np.intp), size - 1)
