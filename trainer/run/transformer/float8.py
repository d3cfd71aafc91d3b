"""Frozen linear layers kept in 8-bit floating point: a quarter of float32's memory, computed in a wider type."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.lora.adapter import ADAPTER

FLOAT8 = torch.float8_e4m3fn
_LARGEST = torch.finfo(FLOAT8).max
_SCALE = "row_scale"


class Float8Linear(nn.Module):
    """``x W^T + b`` with W [out, in] as float8 times one float32 scale for each row.

    The weight is widened for the moment of the product, forwards and backwards, and never kept wide. The result has the
    type of ``x``. An adapter around this layer adds its own product before anything is rounded.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        held = linear.weight.dtype == FLOAT8
        weight, scale = (linear.weight, linear.get_buffer(_SCALE)) if held else narrowed(linear.weight)
        self.weight = nn.Parameter(weight.detach(), requires_grad=False)
        self.register_buffer("scale", scale)
        self.bias = None if linear.bias is None else nn.Parameter(linear.bias.detach(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """``x [..., in]`` to ``[..., out]``."""
        product: Tensor = _ScaledProduct.apply(x, self.weight, self.scale)
        return product if self.bias is None else product + self.bias.to(x.dtype)


class _ScaledProduct(torch.autograd.Function):
    """``(x W^T) * scale``; only the narrow weight is kept for the way back, where the frozen W needs no gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
        """The product of one layer."""
        ctx.save_for_backward(weight, scale)
        return F.linear(x, weight.to(x.dtype)) * scale.to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """The gradient of x alone."""
        (gradient,) = gradients
        weight, scale = ctx.saved_tensors
        return (gradient * scale.to(gradient.dtype)) @ weight.to(gradient.dtype), None, None


def narrowed(wide: Tensor) -> tuple[Tensor, Tensor]:
    """`wide [out, in]` in float8, and the float32 scales `[out]` of its rows."""
    numbers = wide.detach().float()
    scale = numbers.abs().amax(1).clamp(min=torch.finfo(torch.float32).tiny) / _LARGEST
    return (numbers / scale[:, None]).to(FLOAT8), scale


def hold_in_float8(linear: nn.Linear, wide: Tensor) -> None:
    """Gives `linear` the weight `wide [out, in]` as float8 with its scales, which it cannot compute with.

    That is for the `Float8Linear` which is made of it.
    """
    weight, scale = narrowed(wide)
    linear.weight = nn.Parameter(weight, requires_grad=False)
    linear.register_buffer(_SCALE, scale, persistent=False)


def keep_in_float8(blocks: nn.Module) -> int:
    """Replaces every frozen linear layer within ``blocks`` by a `Float8Linear`; how many there were.

    The layers of an adapter stay as they are, so it has to be there before.
    """
    found = [
        (parent, name, child)
        for parent in blocks.modules()
        for name, child in parent.named_children()
        if isinstance(child, nn.Linear) and not _learns(parent, child)
    ]
    count = len(found)
    while found:  # a wide layer that is replaced must go at once, or the memory holds both models
        parent, name, child = found.pop()
        parent.add_module(name, Float8Linear(child))
    return count


def _learns(parent: nn.Module, child: nn.Linear) -> bool:
    in_adapter = isinstance(parent, nn.ModuleDict) and ADAPTER in parent
    return in_adapter or child.weight.requires_grad
