"""A cheap picture of half-finished latents, as a JPEG: by a model's own map to pixels, or one colour a latent cell."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from PIL import Image

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights
from svi_studio.engine.latents.latent_patches import FILE_NAME as PATCHES_FILE
from svi_studio.engine.latents.latent_patches import LatentPatches, read_latent_patches

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

FILE_NAME = "latent_rgb.json"
LONGEST_SIDE = 416
_MOST_BYTES = 1 << 20
_QUALITY = 80


@dataclass(frozen=True)
class LatentToRgb:
    """`rgb = latents @ factors + bias`: `factors [C, 3]`, `bias [3]`; normalised latents in, RGB in [-1, 1] out."""

    factors: Tensor
    bias: Tensor
    pixels: int = 1

    def frame(self, latents: Tensor) -> Tensor:
        """One latent frame `[C, h, w]` as uint8 RGB `[h, w, 3]`."""
        rgb = torch.einsum("chw,cr->hwr", latents.float().cpu(), self.factors) + self.bias
        return rgb.add(1).mul(127.5).clamp(0, 255).to(torch.uint8)


WAN_FACTORS = LatentToRgb(
    torch.tensor(
        [
            [-0.1299, -0.1692, 0.2932],
            [0.0671, 0.0406, 0.0442],
            [0.3568, 0.2548, 0.1747],
            [0.0372, 0.2344, 0.1420],
            [0.0313, 0.0189, -0.0328],
            [0.0296, -0.0956, -0.0665],
            [-0.3477, -0.4059, -0.2925],
            [0.0166, 0.1902, 0.1975],
            [-0.0412, 0.0267, -0.1364],
            [-0.1293, 0.0740, 0.1636],
            [0.0680, 0.3019, 0.1128],
            [0.0032, 0.0581, 0.0639],
            [-0.1251, 0.0927, 0.1699],
            [0.0060, -0.0633, 0.0005],
            [0.3477, 0.2275, 0.2950],
            [0.1984, 0.0913, 0.1861],
        ]
    ),
    torch.tensor([-0.1835, -0.0868, -0.3360]),
)
"""The published linear fit of Wan 2.1's latents (16 channels), which previewers of Wan have in common."""


def read_preview_map(folder: Path | None, channels: int) -> LatentPatches | LatentToRgb | None:
    """A model's own `latent_preview.safetensors`, which draws the film's pixels, else its own colours or Wan 2.1's.

    None for a model of other channels that brings neither. Raises `BadWeights` when a file of the model does not hold
    what it should.
    """
    patches, table = (None if folder is None else folder / name for name in (PATCHES_FILE, FILE_NAME))
    if patches is not None and patches.is_file():
        return read_latent_patches(patches, channels)
    known = (table is not None and table.is_file()) or channels == len(WAN_FACTORS.factors)
    return read_latent_rgb(folder, channels) if known else None


def read_latent_rgb(folder: Path | None, channels: int) -> LatentToRgb:
    """The map for a model: its own `latent_rgb.json`, else Wan 2.1's for 16 channels, else a grey picture of the mean.

    The file holds `{"factors": [[r, g, b], ...], "bias": [r, g, b]}`, one row a latent channel, for RGB in [-1, 1].
    Raises `BadWeights` when the file does not hold that.
    """
    path = None if folder is None else folder / FILE_NAME
    if path is not None and path.is_file():
        return _read(path, channels)
    if channels == len(WAN_FACTORS.factors):
        return WAN_FACTORS
    return LatentToRgb(torch.full((channels, 3), 1 / channels), torch.zeros(3))


def preview_jpeg(latents: Tensor, colours: LatentPatches | LatentToRgb) -> bytes:
    """A JPEG of the middle of `latents [1, C, T, h, w]`: 8 pixels a cell, at most 416 pixels on its longer side."""
    frame = colours.frame(latents[0, :, latents.shape[2] // 2])  # [h, w, 3]
    height, width = frame.shape[:2]
    scale = min(8.0 / colours.pixels, LONGEST_SIDE / max(width, height))
    picture = Image.fromarray(frame.numpy()).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _read(path: Path, channels: int) -> LatentToRgb:
    try:
        content: dict[str, Any] = json.loads(read_plain(path, _MOST_BYTES).decode("utf-8"))
        colours = LatentToRgb(
            torch.tensor(content["factors"], dtype=torch.float32), torch.tensor(content["bias"], dtype=torch.float32)
        )
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise BadWeights(
            f"The file {path} is not a table of preview colours: remove it or load the model again."
        ) from error
    if colours.factors.shape != (channels, 3) or colours.bias.shape != (3,):
        raise BadWeights(f"The preview colours in {path} are not for latents of {channels} channels: remove the file.")
    return colours
