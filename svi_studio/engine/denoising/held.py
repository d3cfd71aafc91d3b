"""Latents that are known and stay clean among the noisy ones, each latent frame with a noise level of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Held:
    """`latents [1, C, T, h, w]`, of which those frames stay as they are that are `known`, bool `[T]`."""

    latents: Tensor
    known: Tensor

    def put_into(self, latents: Tensor) -> Tensor:
        """`latents [1, C, T, h, w]` with the known frames put in their places."""
        return torch.where(self._places(latents), self.latents.to(latents), latents)

    def levels(self, sigma: float) -> Tensor:
        """The noise level of each latent frame, float32 `[1, T]`: 0 for those that are known, `sigma` for the rest."""
        return torch.where(self.known, 0.0, sigma)[None].float()

    def still(self, velocity: Tensor) -> Tensor:
        """`velocity [1, C, T, h, w]` with the known frames at rest: a step leaves them exactly as they are."""
        return velocity.masked_fill(self._places(velocity), 0)

    def _places(self, like: Tensor) -> Tensor:
        return self.known.to(like.device)[None, None, :, None, None]
