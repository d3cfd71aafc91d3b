"""Which part of a clip's picture chance cuts out before the training sees it, as in the authors' data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

CROP_RANGE = 14
"""The longest possible crop side is shortened by at most one 14th of it (the authors' `__getitem__`)."""


class Dice(Protocol):
    """The part of `random.Random` that is needed."""

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`, both included."""


@dataclass(frozen=True)
class CropBox:
    """Part of a picture, in its own pixels; `right` and `bottom` are the first column and row outside."""

    left: int
    top: int
    right: int
    bottom: int


def draw_crop(source: tuple[int, int], target: tuple[int, int], dice: Dice) -> CropBox:
    """A random part of a `source` (width, height) picture in the shape of `target`, at most a 14th smaller than can be.

    The size is drawn first, then the horizontal and the vertical place; a place without choice costs no draw.
    """
    width, height = source
    shape = target[1] / target[0]
    if width * shape <= height:
        crop_width = dice.randint(width - width // CROP_RANGE, width)
        crop_height = int(crop_width * shape)
    else:
        crop_height = dice.randint(height - height // CROP_RANGE, height)
        crop_width = int(crop_height / shape)
    crop_width, crop_height = max(1, min(crop_width, width)), max(1, min(crop_height, height))
    left = dice.randint(0, width - crop_width) if crop_width < width else 0
    top = dice.randint(0, height - crop_height) if crop_height < height else 0
    return CropBox(left, top, left + crop_width, top + crop_height)


def cut_out(frames: Frames, box: CropBox, target: tuple[int, int]) -> Frames:
    """The part `box` of `frames [N, H, W, 3]` at the size `target` (width, height), by PIL's bilinear filter.

    That filter averages when it makes smaller, so nothing flickers.
    """
    edges = (box.left, box.top, box.right, box.bottom)
    cut = [Image.fromarray(frame).crop(edges).resize(target, Image.Resampling.BILINEAR) for frame in frames]
    return np.stack([np.asarray(picture) for picture in cut])
