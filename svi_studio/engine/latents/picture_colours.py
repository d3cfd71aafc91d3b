"""Preview colours for a model that brings none: those by which its own latents of a picture look most like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import adaptive_avg_pool2d

from svi_studio.engine.latents.preview import LatentToRgb
from svi_studio.engine.latents.vae import encode_video

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames

_STIFFNESS = 1e-2
_LEAST = 1e-6
"""How much a factor costs, in shares of what the latents vary: a small picture has fewer cells than factors. A picture
of one colour has latents that do not vary."""


def colours_of_picture(vae: Any, picture: Frames) -> LatentToRgb:
    """The map fitted to one picture, uint8 `[1, H, W, 3]`, of the size of the film; it is encoded once for that."""
    pixels = torch.from_numpy(picture.astype("float32")).permute(0, 3, 1, 2) / 127.5 - 1  # [1, 3, H, W]
    latents = encode_video(vae, pixels[:, :, None])[0, :, 0].float().cpu()  # [C, h, w]
    _, height, width = latents.shape
    return fitted_colours(latents, adaptive_avg_pool2d(pixels, (height, width))[0])


def fitted_colours(latents: Tensor, colours: Tensor) -> LatentToRgb:
    """Ridge regression from `latents [C, h, w]` to `colours [3, h, w]` in [-1, 1]; the mean colour is not held back."""
    cells, wanted = latents.flatten(1).T.double(), colours.flatten(1).T.double()  # [h w, C], [h w, 3]
    centre, mean = cells.mean(0), wanted.mean(0)
    cells, wanted = cells - centre, wanted - mean
    square = cells.T @ cells
    cost = _STIFFNESS * square.diagonal().mean() + _LEAST
    factors = torch.linalg.solve(square + cost * torch.eye(len(square), dtype=torch.float64), cells.T @ wanted)
    return LatentToRgb(factors.float(), (mean - centre @ factors).float())
