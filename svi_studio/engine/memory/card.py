"""What computes: a graphics card that copies beside its work, or the processor, on which every copy is plain."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_CUDA: Any = torch.cuda
_ALIGNED = 256
"""Bytes: where a tensor may begin inside of a larger piece of memory, so that every kernel takes it."""


class Card:
    """One device, and the copies to it. Everything that a plan counts as the card's memory is asked for here."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._copies: Any = None

    @property
    def is_apart(self) -> bool:
        """Whether it has a memory of its own beside the computer's."""
        return self.device.type == "cuda"

    def room(self, size: int) -> Tensor:
        """So many bytes on the card, uint8 `[size]`; raises torch.OutOfMemoryError where there is no room."""
        return torch.empty(size, dtype=torch.uint8, device=self.device)

    def hold(self, tensor: Tensor) -> Tensor:
        """`tensor` on the card: the same one where it lies there already."""
        return tensor.to(self.device)

    def give_back(self, tensor: Tensor) -> Tensor:
        """`tensor` in the computer's memory: the same one where it lies there already."""
        return tensor.cpu()

    def bring(self, network: nn.Module) -> None:
        """Puts all of `network` onto the card. Raises torch.OutOfMemoryError."""
        network.to(self.device)

    def leave(self, network: nn.Module) -> None:
        """Takes all of `network` from the card, into the computer's memory."""
        network.to("cpu")

    def moment(self) -> Any:
        """All that was asked of the card so far, for `copy` to come after."""
        if self.device.type != "cuda":
            return None
        event = _CUDA.Event()
        event.record(_CUDA.current_stream(self.device))
        return event

    def copy(self, source: Tensor, target: Tensor, after: Any) -> Any:
        """Begins to copy `source`, in the computer's memory, to `target` on the card, when `after` is over.

        Returns the arrival, for `await_arrival`; on a card with a stream for copies nothing waits until then.
        """
        if self.device.type != "cuda":
            target.copy_(source)
            return None
        self._copies = self._copies or _CUDA.Stream(self.device)
        with _CUDA.stream(self._copies):
            if after is not None:
                self._copies.wait_event(after)
            target.copy_(source, non_blocking=True)
            event = _CUDA.Event()
            event.record(self._copies)
        return event

    def finish(self, arrival: Any) -> None:
        """Returns when that copy is over."""
        if arrival is not None:
            arrival.synchronize()

    def await_arrival(self, arrival: Any) -> None:
        """What is asked of the card from now on comes after that copy."""
        if arrival is not None:
            _CUDA.current_stream(self.device).wait_event(arrival)


def aligned(size: int) -> int:
    """`size` bytes, and those up to where the next tensor may begin."""
    return -(-size // _ALIGNED) * _ALIGNED
