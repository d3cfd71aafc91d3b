"""How the transformer is asked for a velocity while it learns."""

from typing import Any

import torch
from torch import Tensor

from trainer.erft.batch import Batch
from trainer.erft.step import Velocity


def transformer_velocity(transformer: Any) -> Velocity:
    """The velocity of a ``WanTransformer3DModel``: noisy ``[B, C, T, h, w]``, y ``[B, 4 + C, T, h, w]``, sigma ``[B]``.

    The result is float32. The timestep is 1000 sigma, as a float, as it is at inference.
    """

    def velocity(noisy: Tensor, y: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        kind = compute_type(transformer)
        predicted: Tensor = transformer(
            hidden_states=torch.cat([noisy, y], dim=1).to(kind),
            timestep=1000 * sigma.float(),
            encoder_hidden_states=batch.text.to(kind),
            encoder_hidden_states_image=None if batch.picture is None else batch.picture.to(kind),
            return_dict=False,
        )[0]
        return predicted.float()

    return velocity


def compute_type(transformer: Any) -> torch.dtype:
    """The type that the transformer computes in: that of its patch embedding, which is never kept in fewer bits."""
    kind: torch.dtype = transformer.patch_embedding.weight.dtype
    return kind
