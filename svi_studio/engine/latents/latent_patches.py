"""A picture of latents in the film's own pixels, from one affine map: a tiny decoder that a model may bring along."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from torch.nn.functional import pad, unfold

from svi_studio.domain.errors import BadWeights

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

FILE_NAME = "latent_preview.safetensors"
MATRIX = "matrix"
MOST_PIXELS = 32  # a side of a patch
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class LatentPatches:
    """`pixels = neighbourhood @ matrix`: `matrix [9 C + 1, 3 p p]`, RGB in [-1, 1] out.

    A latent cell and the eight around it give the `p x p` pixels of that cell. The rows are in the order of `unfold`,
    the last one is the constant; the columns are the patch's rows, pixels and colours.
    """

    matrix: Tensor

    @property
    def pixels(self) -> int:
        """Pixels of the picture to a latent cell, each way."""
        return isqrt(self.matrix.shape[1] // 3)

    def frame(self, latents: Tensor) -> Tensor:
        """One latent frame `[C, h, w]` as uint8 RGB `[h p, w p, 3]`."""
        height, width = latents.shape[1:]
        p = self.pixels
        cells = neighbourhoods(latents.float().cpu()) @ self.matrix
        picture = cells.reshape(height, width, p, p, 3).permute(0, 2, 1, 3, 4).reshape(height * p, width * p, 3)
        return picture.add(1).mul(127.5).clamp(0, 255).to(torch.uint8)


def neighbourhoods(latents: Tensor) -> Tensor:
    """Each cell of `[C, h, w]` with the eight around it and a 1: `[h w, 9 C + 1]`; the border repeats its cells."""
    found = unfold(pad(latents[None], (1, 1, 1, 1), mode="replicate"), 3)[0].T
    return torch.cat([found, torch.ones(len(found), 1)], dim=1)


def read_latent_patches(path: Path, channels: int) -> LatentPatches:
    """The map in the file `path` for latents of `channels` channels. Raises `BadWeights` when it does not hold one."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        with safe_open(path, framework="pt", device="cpu") as file:
            matrix: Tensor = file.get_tensor(MATRIX).float()
    except (OSError, ValueError, SafetensorError) as error:
        raise BadWeights(f"The file {path} is not a map for previews: remove it or load the model again.") from error
    patches = LatentPatches(matrix)
    right = matrix.ndim == 2 and matrix.shape == (9 * channels + 1, 3 * patches.pixels**2)
    if not right or not 1 <= patches.pixels <= MOST_PIXELS or not torch.isfinite(matrix).all():
        raise BadWeights(f"The map for previews in {path} is not for latents of {channels} channels: remove the file.")
    return patches
