"""Keeps what autograd saves for the way back in ordinary memory instead of the graphics card's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from trainer.erft.batch import Batch
from trainer.erft.step import Velocity

_WORTH_MOVING = 1 << 20  # bytes; small tensors cost more in waiting than they free


@contextmanager
def saved_in_ordinary_memory(weights: Iterable[Tensor] = (), *, at_least: int = _WORTH_MOVING) -> Iterator[None]:
    """Within, large tensors that are saved for the backward pass leave the device until it needs them.

    With gradient checkpointing those are the inputs of the blocks (13.4 GB for 81 frames of 480 x 832 on Wan 14B).
    The ``weights`` and their views stay. Copies are ordered by the device's stream, so nothing is waited for.
    """
    stay = {weight.untyped_storage().data_ptr() for weight in weights}  # a saved weight is a tensor, not a Parameter
    with saved_tensors_hooks(lambda tensor: _put_away(tensor, stay, at_least), _bring_back):
        yield


def _put_away(tensor: Tensor, stay: set[int], at_least: int) -> tuple[torch.device, Tensor]:
    if tensor.numel() * tensor.element_size() < at_least or tensor.untyped_storage().data_ptr() in stay:
        return tensor.device, tensor
    pinned = tensor.device.type == "cuda"
    away = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=pinned)
    away.copy_(tensor, non_blocking=pinned)
    return tensor.device, away


def _bring_back(kept: tuple[torch.device, Tensor]) -> Tensor:
    device, tensor = kept
    return tensor.to(device, non_blocking=True)


def with_offload(velocity: Velocity, transformer: nn.Module) -> Velocity:
    """``velocity``, with what it saves kept in ordinary memory, but for the weights of its ``transformer``."""

    def offloaded(noisy: Tensor, y: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        with saved_in_ordinary_memory(chain(transformer.parameters(), transformer.buffers())):
            return velocity(noisy, y, sigma, batch)

    return offloaded
