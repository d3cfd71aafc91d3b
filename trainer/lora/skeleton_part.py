"""The pose encoder of Dance, which is trained whole beside the LoRA and travels in the same file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork

_PLACE = "skeleton_network"
OTHER_PARTS = ("skeleton_network.", "sound_network.")
"""What the names of networks begin with that a training keeps in its transformer, and that are none of it."""


def add_skeleton_network(transformer: nn.Module, network: SkeletonNetwork) -> None:
    """Puts `network` into `transformer` as a part of it that learns, in float32; what it is now can be had back."""
    transformer.add_module(_PLACE, network.float().requires_grad_(True))
    _note_first_weights(network)


def skeleton_network(transformer: nn.Module) -> SkeletonNetwork | None:
    """The pose encoder of `transformer`; None for one that follows no skeleton."""
    return cast("SkeletonNetwork | None", getattr(transformer, _PLACE, None))


def skeleton_state(transformer: nn.Module) -> dict[str, Tensor]:
    """Its weights, not copied, by the authors' names (`dwpose_embedding.0.weight`); empty without one."""
    network = skeleton_network(transformer)
    return {} if network is None else {name: value.detach() for name, value in network.named_parameters()}


@torch.no_grad()
def start_skeleton_from(transformer: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Gives the pose encoder the `weights` of a file, by names such as `0.weight`; none = it stays as it is."""
    network = skeleton_network(transformer)
    if network is not None and weights:
        for name, value in network.dwpose_embedding.named_parameters():
            value.copy_(weights[name].to(value))


def misfit(transformer: nn.Module, weights: Mapping[str, Tensor]) -> str:
    """Why `weights`, by names such as `0.weight`, are not for the pose encoder, as a phrase; empty if they are."""
    network = skeleton_network(transformer)
    if not weights:
        return ""
    if network is None:
        return "also changes the pose encoder, which this family does not train"
    own = {name: tuple(value.shape) for name, value in network.dwpose_embedding.named_parameters()}
    theirs = {name: tuple(value.shape) for name, value in weights.items()}
    return "" if own == theirs else "has a pose encoder of other sizes"


@contextmanager
def with_first_skeleton(transformer: nn.Module) -> Iterator[None]:
    """Within, the pose encoder is that of the model; afterwards it is the trained one again."""
    network: Any = skeleton_network(transformer)
    if network is None:
        yield
        return
    trained = {name: value.detach().clone() for name, value in network.named_parameters()}
    try:
        _put(network, dict(network.first_weights))
        yield
    finally:
        _put(network, trained)


def _note_first_weights(network: Any) -> None:
    network.first_weights = {name: value.detach().clone() for name, value in network.named_parameters()}


@torch.no_grad()
def _put(network: nn.Module, weights: Mapping[str, Tensor]) -> None:
    for name, value in network.named_parameters():
        value.copy_(weights[name].to(value.device))
