"""The one call of the video transformer: noisy latents and all that it is told about them, to a velocity."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor

PATCH = 2
"""Latent pixels of a token each way, in every Wan model."""

NOTHING_MORE: Mapping[str, Tensor] = MappingProxyType({})


def predict(
    transformer: Any,
    latents: Tensor,
    sigma: Tensor,
    *,
    y: Tensor,
    text: Tensor,
    tokens: Tensor | None,
    extra: Mapping[str, Tensor] = NOTHING_MORE,
) -> Tensor:
    """The velocity, noise - data, that a `WanTransformer3DModel` predicts: float32 `[B, C, T, h, w]`.

    `latents [B, C, T, h, w]` are noisy by `sigma [B]` in (0, 1], or each latent frame by its own of `sigma [B, T]`, 0
    for one that is known. `y [B, 4 + C, T, h, w]` is their condition, of no channels where nothing lies beside them;
    `text [B, L, D]`; `tokens [B, N, D]` of the picture, None for a transformer that takes none; `extra` are further
    tensors by the names of the transformer's own arguments. All but the latents are of the type that it computes in.
    Without guidance; gradients flow where they are wanted. The timestep is `1000 * sigma`, as a float, not rounded.
    """
    predicted: Tensor = transformer(
        hidden_states=transformer_input(latents, y),
        timestep=timesteps(sigma, latents),
        encoder_hidden_states=text,
        encoder_hidden_states_image=tokens,
        return_dict=False,
        **extra,
    )[0]
    return predicted.float()  # guidance subtracts two close predictions: not in half precision


def transformer_input(latents: Tensor, y: Tensor) -> Tensor:
    """`latents [B, C, T, h, w]` with their condition `y` beside them, in the type of `y`."""
    return torch.cat([latents.to(y.dtype), y], dim=1)


def timesteps(sigma: Tensor, latents: Tensor) -> Tensor:
    """`[B]`, or `[B, T * h * w / 4]` with the timestep of each token, in the order of the tokens."""
    if sigma.ndim == 1:
        return 1000 * sigma.float()
    height, width = latents.shape[3] // PATCH, latents.shape[4] // PATCH
    return (1000 * sigma.float())[:, :, None].expand(-1, -1, height * width).flatten(1)
