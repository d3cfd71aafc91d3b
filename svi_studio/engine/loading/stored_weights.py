"""Fills a network from weights files of any readable form, and lets chosen layers keep theirs as stored."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from svi_studio.engine.loading.found_weights import FoundWeights
from svi_studio.engine.loading.quantised_embedding import QuantisedEmbedding
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.streamed_weights import fill_tensor

DeviceOf = Callable[[str], torch.device]


def of_a_block(name: str) -> bool:
    """Whether the parameter `name` lies in a block of the transformer, where nearly all of its weights are."""
    return name.startswith("blocks.")


def fill_found(
    network: nn.Module,
    found: FoundWeights,
    *,
    dtype_of: Callable[[str], torch.dtype],
    device: torch.device | DeviceOf,
    keep: Callable[[str], bool] = lambda _: False,
) -> None:
    """Gives every parameter and saved buffer of `network`, on the meta device, its tensor of `found`, on `device`.

    `dtype_of` says in which type a tensor is kept, `device` may say where each goes. A layer whose weight's name passes
    `keep`, and whose weight is quantised, becomes a `QuantisedLinear`, or a `QuantisedEmbedding` where it is a table of
    word vectors; every other weight is dequantised once. One tensor at a time is in memory twice. Raises BadWeights
    when a file cannot be read or was changed.
    """
    place_of: DeviceOf = (lambda _: device) if isinstance(device, torch.device) else device
    for name, weight in found.read():
        place, dtype = place_of(name), dtype_of(name)
        if isinstance(weight, Tensor):
            fill_tensor(network, name, weight.to(device=place, dtype=dtype))
        elif keep(name) and isinstance(_owner(network, name), nn.Linear | nn.Embedding):
            _keep_stored(network, name, weight.to(place), dtype)
        else:
            fill_tensor(network, name, weight.to(place).dequantised(dtype))


def _owner(network: nn.Module, name: str) -> nn.Module:
    return network.get_submodule(name.rpartition(".")[0])


def _keep_stored(network: nn.Module, name: str, weight: QuantisedWeight, dtype: torch.dtype) -> None:
    """Puts a layer that keeps `weight` where the layer is; a bias may come before or after."""
    old = _owner(network, name)
    if isinstance(old, nn.Embedding):
        _replace_everywhere(network, old, QuantisedEmbedding(weight, dtype=dtype))
        return
    parent, _, leaf = name.rpartition(".")[0].rpartition(".")
    setattr(network.get_submodule(parent), leaf, QuantisedLinear(weight, old._parameters["bias"], dtype=dtype))


def _replace_everywhere(network: nn.Module, old: nn.Module, new: nn.Module) -> None:
    """A table of word vectors stands under two names in a text encoder."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if child is old:
                setattr(module, name, new)
