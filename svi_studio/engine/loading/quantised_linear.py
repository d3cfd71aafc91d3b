"""A linear layer that keeps its weight as it is stored, with LoRAs beside it as products of two small matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.held_weight import HeldWeight
from svi_studio.engine.loading.quantised_weight import QuantisedWeight


@dataclass(frozen=True)
class BesideProduct:
    """What a LoRA adds to a layer's output: `scale * (x @ down.T) @ up.T`; `down` [r, in], `up` [out, r]."""

    down: Tensor
    up: Tensor
    scale: float = 1.0


class QuantisedLinear(HeldWeight):
    """`x @ W.T + bias`, W being computed anew at each call in the type of `x`; nothing is ever merged into W.

    All that stands beside it are buffers in the type that it computes in: `down` [R, in] and `up` [out, R], the LoRAs'
    matrices one after the other with their strengths in `up`, and `change` [out, in], which is added to W as it is.
    They are None without any.
    """

    bias: Tensor | None
    down: Tensor | None
    up: Tensor | None
    change: Tensor | None

    def __init__(
        self, weight: QuantisedWeight, bias: Tensor | None = None, *, dtype: torch.dtype = torch.float32
    ) -> None:
        """`weight` [out, in]; `bias` [out]; `dtype` is that of what comes to stand beside the weight."""
        super().__init__(weight, dtype)
        self.out_features, self.in_features = weight.shape
        self.bias = nn.Parameter(bias, requires_grad=False) if bias is not None else None
        for name in ("down", "up", "change"):
            self.register_buffer(name, None, persistent=False)

    def use_beside(self, products: Sequence[BesideProduct]) -> None:
        """Adds exactly these from now on; without any it is as it was. Raises BadWeights for other sizes."""
        for each in products:
            self._check(each)
        self.down = self.up = self.change = None
        for each in products:
            self.add_beside(each)

    def add_beside(self, product: BesideProduct) -> None:
        """Adds `product` to what stands beside the weight already; raises BadWeights for other sizes."""
        self._check(product)
        down = product.down.to(self.raw.device, torch.float32)
        up = product.scale * product.up.to(self.raw.device, torch.float32)
        self.down = _after(self.down, down.to(self.dtype), dim=0)
        self.up = _after(self.up, up.to(self.dtype), dim=1)

    def add_change(self, change: Tensor) -> None:
        """Adds `change` [out, in] to the weight from now on; it is held whole."""
        whole = change if self.change is None else self.change.float() + change.to(self.change.device)
        self.change = whole.to(self.raw.device, self.dtype)

    def with_beside(self, device: torch.device | None = None) -> Tensor:
        """The weight with all that stands beside it: float32 [out, in], computed on `device`, else where it lies."""
        place = device or self.raw.device
        whole = self.weight.to(place).dequantised()
        if self.change is not None:
            whole += self.change.to(place, torch.float32)
        if self.down is not None and self.up is not None:
            whole += self.up.to(place, torch.float32) @ self.down.to(place, torch.float32)
        return whole

    def forward(self, x: Tensor) -> Tensor:
        """`x` [..., in] -> [..., out], in the type of `x`."""
        bias = self.bias.to(x.dtype) if self.bias is not None else None
        weight = self.weight.dequantised(x.dtype)
        if self.change is not None:
            weight += self.change.to(x.dtype)
        result = functional.linear(x, weight, bias)
        if self.down is not None and self.up is not None:
            result += functional.linear(functional.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        return result

    def _check(self, product: BesideProduct) -> None:
        rank = product.down.shape[0]
        if product.down.shape != (rank, self.in_features) or product.up.shape != (self.out_features, rank):
            raise BadWeights(
                f"A LoRA has matrices of {tuple(product.down.shape)} and {tuple(product.up.shape)} for a layer of "
                f"{self.in_features} to {self.out_features} values: use a LoRA that was made for this model."
            )


def _after(before: Tensor | None, matrix: Tensor, *, dim: int) -> Tensor:
    return matrix if before is None else torch.cat([before, matrix], dim=dim)
