"""Drawings of skeletons in a small file: nearly all of a drawing is black, so it is packed without loss."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch

from svi_studio.domain.errors import StudioError
from trainer.dataset.latent_cache import SKELETON

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames

SHAPE = "shape"
_QUICK = 1


def packed(drawings: Frames) -> dict[str, Tensor]:
    """`drawings [N, H, W, 3]` as tensors for a file."""
    content = np.frombuffer(zlib.compress(drawings.tobytes(), _QUICK), np.uint8)
    return {SKELETON: torch.from_numpy(content.copy()), SHAPE: torch.tensor(drawings.shape)}


def unpacked(tensors: Mapping[str, Tensor]) -> Tensor:
    """The drawings of `packed` as the network takes them, uint8 `[3, N, H, W]`. Raises StudioError."""
    shape = [int(side) for side in tensors[SHAPE]]
    length = int(np.prod(shape))
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(tensors[SKELETON].numpy().tobytes(), length + 1)
    except zlib.error as error:
        raise _damaged() from error
    if len(content) != length or len(shape) != 4:
        raise _damaged()
    return torch.frombuffer(bytearray(content), dtype=torch.uint8).view(shape).permute(3, 0, 1, 2).contiguous()


def _damaged() -> StudioError:
    return StudioError("The stored drawings of a skeleton are damaged: delete the training's cache folder and go on.")
