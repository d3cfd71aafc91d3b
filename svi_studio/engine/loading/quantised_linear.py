"""A linear layer that keeps its weight as it is stored, with LoRAs beside it as products of two small matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.quantised_weight import QuantisedWeight


@dataclass(frozen=True)
class BesideProduct:
    """What a LoRA adds to a layer's output: `scale * (x @ down.T) @ up.T`; `down` [r, in], `up` [out, r]."""

    down: Tensor
    up: Tensor
    scale: float = 1.0


class QuantisedLinear(nn.Module):
    """`x @ W.T + bias`, W being computed anew at each call in the type of `x`; nothing is ever merged into W.

    Its weight is held as bytes, which `.to(dtype)` leaves as they are and `.to(device)` moves.
    """

    raw: Tensor
    scale_bytes: Tensor | None
    bias: Tensor | None

    def __init__(self, weight: QuantisedWeight, bias: Tensor | None = None) -> None:
        """`weight` [out, in]; `bias` [out]."""
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.format = weight.format
        self._scale_shape = tuple(weight.scale.shape) if weight.scale is not None else ()
        scale = weight.scale.float().reshape(-1).contiguous().view(torch.uint8) if weight.scale is not None else None
        self.register_buffer("raw", weight.raw)
        self.register_buffer("scale_bytes", scale)
        self.bias = nn.Parameter(bias, requires_grad=False) if bias is not None else None
        self._beside: tuple[BesideProduct, ...] = ()

    @property
    def weight(self) -> QuantisedWeight:
        """The weight as it is stored, where it lies now."""
        scale = self.scale_bytes
        whole = scale.view(torch.float32).reshape(self._scale_shape) if scale is not None else None
        return QuantisedWeight(self.raw, self.format, (self.out_features, self.in_features), whole)

    def use_beside(self, products: Sequence[BesideProduct]) -> None:
        """Adds exactly these from now on; without any it is as it was. Raises BadWeights for other sizes."""
        for each in products:
            rank = each.down.shape[0]
            if each.down.shape != (rank, self.in_features) or each.up.shape != (self.out_features, rank):
                raise BadWeights(
                    f"A LoRA has matrices of {tuple(each.down.shape)} and {tuple(each.up.shape)} for a layer of "
                    f"{self.in_features} to {self.out_features} values: use a LoRA that was made for this model."
                )
        self._beside = tuple(products)

    def forward(self, x: Tensor) -> Tensor:
        """`x` [..., in] -> [..., out], in the type of `x`."""
        bias = self.bias.to(x.dtype) if self.bias is not None else None
        result = functional.linear(x, self.weight.dequantised(x.dtype), bias)
        for each in self._beside:
            low = functional.linear(x, each.down.to(x))
            result = result + each.scale * functional.linear(low, each.up.to(x))
        return result
