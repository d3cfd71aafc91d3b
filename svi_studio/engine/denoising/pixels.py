"""Pictures as the networks take them: bicubic resize in PIL, then floats in [-1, 1]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.pictures.picture_look import Box
    from svi_studio.media.frames import Frames


def resize_picture(picture: Image.Image, width: int, height: int, crop: Box | None = None) -> Frames:
    """`picture`, or its part `crop`, squashed to `width` x `height` pixels by PIL's bicubic filter: `[1, H, W, 3]`.

    The aspect ratio is not kept: the part was chosen to be of nearly the same shape, or shall be squeezed.
    """
    if crop is not None:
        picture = picture.crop(crop)
    resized = picture.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(resized, dtype=np.uint8)[None]


def to_signed(frames: Frames) -> Tensor:
    """uint8 frames `[n, H, W, 3]` as float32 `[3, n, H, W]` in [-1, 1]: `value * (2 / 255) - 1`."""
    signed = torch.from_numpy(frames.astype(np.float32))  # [n, H, W, 3]
    return signed.mul_(2 / 255).sub_(1).permute(3, 0, 1, 2)
