"""Puts LoRAs beside the layers of a transformer that keep their weights as stored, into which nothing can be merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from svi_studio.engine.loading.quantised_linear import BesideProduct, QuantisedLinear
from svi_studio.engine.lora.merged_weight import merged_weight

if TYPE_CHECKING:
    import torch
    from torch import nn

    from svi_studio.engine.lora.file import LoraFile


def kept_layers(transformer: nn.Module) -> Mapping[str, QuantisedLinear]:
    """By the name of its weight: each layer of `transformer` that keeps its weight as it is stored."""
    return {
        f"{name}.weight": module for name, module in transformer.named_modules() if isinstance(module, QuantisedLinear)
    }


def put_beside(
    layer: QuantisedLinear, name: str, uses: Iterable[tuple[LoraFile, float]], device: torch.device | None = None
) -> None:
    """Adds to what stands beside `layer`, whose weight is called `name`, each file at its strength, in this order.

    A LoRA stays two small matrices. Full differences, LoHa, LoKr and DoRA are worked out on the values that the weight
    stands for, on `device` (default: where the layer lies), and held as one matrix of its size.
    """
    for file, strength in uses:
        pair = file.low_rank.get(name)
        if pair is not None and not (name in file.composed or name in file.magnitudes or name in file.differences):
            layer.add_beside(BesideProduct(pair.down.flatten(1), pair.up.flatten(1), strength * pair.scale))
        else:
            whole = layer.with_beside(device)
            layer.add_change(merged_weight(whole, file, name, strength) - whole)
