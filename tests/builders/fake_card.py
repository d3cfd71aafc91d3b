"""A card that is not there: copies of its own beside the computer's memory, each counted from its birth to its end."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import torch
from torch import Tensor, nn

from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.packed import move


class FakeCard(Card):
    """Computes on the processor, with copies of what a plan puts onto it: raises at more than `limit` bytes of them.

    `now` and `peak` count weights: what calls need besides is the processor's.
    """

    def __init__(self, limit: int | None = None) -> None:
        super().__init__(torch.device("cpu"))
        self.limit = limit
        self.now = self.peak = self.copies = 0
        self.rooms: list[int] = []
        self.before_each: Callable[[], None] = lambda: None
        self._here: weakref.WeakSet[torch.UntypedStorage] = weakref.WeakSet()

    @property
    def is_apart(self) -> bool:
        return True

    def room(self, size: int) -> Tensor:
        self.rooms.append(size)
        return self._counted(size, lambda: super(FakeCard, self).room(size))

    def hold(self, tensor: Tensor) -> Tensor:
        if tensor.untyped_storage() in self._here:
            return tensor
        return self._counted(tensor.nbytes, tensor.clone)

    def give_back(self, tensor: Tensor) -> Tensor:
        return tensor.clone() if tensor.untyped_storage() in self._here else tensor

    def bring(self, network: nn.Module) -> None:
        move(network, self.hold)

    def leave(self, network: nn.Module) -> None:
        move(network, self.give_back)

    def copy(self, source: Tensor, target: Tensor, after: object) -> None:
        self.copies += 1
        self.before_each()
        super().copy(source, target, after)

    def has(self, module: nn.Module) -> bool:
        """Whether all tensors of `module` lie on the card."""
        held = [*module.parameters(), *module.buffers()]
        return all(tensor.untyped_storage() in self._here for tensor in held)

    def _counted(self, size: int, make: Callable[[], Tensor]) -> Tensor:
        self.before_each()
        if self.limit is not None and self.now + size > self.limit:
            raise torch.OutOfMemoryError(f"{self.now} bytes are taken, and {size} more are asked for")
        made = make()
        self.now += size
        self.peak = max(self.peak, self.now)
        self._here.add(made.untyped_storage())
        weakref.finalize(made.untyped_storage(), self._died, size)
        return made

    def _died(self, size: int) -> None:
        self.now -= size
