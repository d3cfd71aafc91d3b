"""The pose encoder of svi-mini in two halves: the first is drawn at random and stays, so that it is computed only once.

Its first four convolutions look at every pixel of every frame and cost nine tenths of all the time that a step of the
training would take. Random filters lose nothing of where a coloured line lies; what it means is learned behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from svi_studio.engine.conditions.skeleton_network import FIRST_COPIES

if TYPE_CHECKING:
    from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork

HALF = 8
"""Layers of `dwpose_embedding` in the first half: four convolutions with what follows each."""

_SEED = 11
_COLOURS = 0  # the number of the first convolution
_HALVING = 6  # the one that halves the picture
_LEARNED = (8, 10)


@torch.no_grad()
def start(network: SkeletonNetwork) -> None:
    """Fills a fresh network: random filters first, learning ones behind, and nothing is added to the patches yet."""
    layers: Any = network.dwpose_embedding
    generator = torch.Generator().manual_seed(_SEED)
    for number, (spread, kept) in {_COLOURS: (2.4, 0.0), 2: (0.25, 1.6), 4: (0.25, 1.6), _HALVING: (5.0, 3.2)}.items():
        _fill(layers[number], spread, kept, generator)
    layers[_COLOURS].bias.copy_(-0.6 * torch.rand(layers[_COLOURS].bias.shape, generator=generator))
    for number in _LEARNED:
        nn.init.kaiming_normal_(layers[number].weight, nonlinearity="relu", generator=generator)
        layers[number].weight.mul_(1.8)
        layers[number].bias.zero_()
    nn.init.zeros_(layers[-1].weight)
    nn.init.zeros_(layers[-1].bias)
    layers[:HALF].requires_grad_(False)


def _fill(layer: nn.Conv3d, spread: float, kept: float, generator: torch.Generator) -> None:
    """Random filters that look mostly at their own frame; ``kept``: how much of each channel is handed on as it is."""
    fan = layer.weight[0].numel()
    random = torch.randn(layer.weight.shape, generator=generator) * (2 / fan) ** 0.5 * spread
    layer.weight.copy_(random * torch.tensor([0.5, 1.0, 0.5]).view(1, 1, 3, 1, 1))
    if layer.bias is not None:
        layer.bias.zero_()
    for channel in range(layer.out_channels if kept else 0):
        layer.weight[channel, channel, 1, 1, 1] += kept


@torch.no_grad()
def first_half(network: SkeletonNetwork, drawings: Tensor) -> Tensor:
    """What the half that stays makes of drawings, uint8 ``[B, 3, N, H, W]``: half precision."""
    video = drawings.float() / 255
    video = torch.cat([video[:, :, :1].expand(-1, -1, FIRST_COPIES, -1, -1), video], dim=2)
    features: Tensor = network.dwpose_embedding[:HALF](video)
    return features.half()


def second_half(network: SkeletonNetwork, features: Tensor) -> Tensor:
    """The tokens ``[B, T * h * w, dim]`` of what `first_half` gave."""
    tokens: Tensor = network.dwpose_embedding[HALF:](features.float())
    return tokens.flatten(2).transpose(1, 2)
