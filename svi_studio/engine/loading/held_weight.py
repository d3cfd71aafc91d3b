"""A layer that holds its weight as bytes, which a change of its type leaves alone and a change of place moves."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from svi_studio.engine.loading.quantised_weight import QuantisedWeight


class HeldWeight(nn.Module):
    """Buffers `raw` and `scale_bytes` (uint8; None without a scale), and the `weight` that they are."""

    raw: Tensor
    scale_bytes: Tensor | None

    def __init__(self, weight: QuantisedWeight, dtype: torch.dtype) -> None:
        """`dtype` is the type that the layer computes in."""
        super().__init__()
        self.format = weight.format
        self.dtype = dtype
        self._shape = weight.shape
        self._scale_shape = tuple(weight.scale.shape) if weight.scale is not None else ()
        scale = weight.scale.float().reshape(-1).contiguous().view(torch.uint8) if weight.scale is not None else None
        self.register_buffer("raw", weight.raw)
        self.register_buffer("scale_bytes", scale)

    @property
    def weight(self) -> QuantisedWeight:
        """The weight as it is stored, where it lies now."""
        scale = self.scale_bytes
        whole = scale.view(torch.float32).reshape(self._scale_shape) if scale is not None else None
        return QuantisedWeight(self.raw, self.format, self._shape, whole)
