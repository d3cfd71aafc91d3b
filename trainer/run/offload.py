"""Keeps what autograd saves for the way back in ordinary memory instead of the graphics card's."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from trainer.erft.batch import Batch
from trainer.erft.step import Velocity

_WORTH_MOVING = 1 << 20  # bytes; small tensors cost more in waiting than they free


@contextmanager
def saved_in_ordinary_memory(at_least: int = _WORTH_MOVING) -> Iterator[None]:
    """Within, large tensors that are saved for the backward pass leave the device until it needs them.

    With gradient checkpointing those are the inputs of the blocks (13.4 GB for 81 frames of 480 x 832 on Wan 14B).
    Weights stay. Copies are ordered by the device's stream, so nothing is waited for.
    """
    with saved_tensors_hooks(lambda tensor: _put_away(tensor, at_least), _bring_back):
        yield


def _put_away(tensor: Tensor, at_least: int) -> tuple[torch.device, Tensor]:
    if isinstance(tensor, nn.Parameter) or tensor.numel() * tensor.element_size() < at_least:
        return tensor.device, tensor
    pinned = tensor.device.type == "cuda"
    away = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=pinned)
    away.copy_(tensor, non_blocking=pinned)
    return tensor.device, away


def _bring_back(kept: tuple[torch.device, Tensor]) -> Tensor:
    device, tensor = kept
    return tensor.to(device, non_blocking=True)


def with_offload(velocity: Velocity) -> Velocity:
    """``velocity``, with what it saves kept in ordinary memory."""

    def offloaded(noisy: Tensor, y: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        with saved_in_ordinary_memory():
            return velocity(noisy, y, sigma, batch)

    return offloaded
