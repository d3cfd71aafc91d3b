"""Counts the memory that a network's work takes, on meta tensors at full size: every storage from its birth on."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class _FusedAttention(TorchFunctionMode):
    """Attention as a card computes it: only its result and a number for each row are new, never all pairs."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is not nn.functional.scaled_dot_product_attention:
            return func(*args, **(kwargs or {}))
        query = args[0] if args else kwargs["query"]
        result = torch.empty_like(query)
        rows = torch.empty(query.shape[:-1], dtype=torch.float32, device=query.device)
        del rows
        return result


class CountedMemory(TorchDispatchMode):
    """The most bytes that lay in new storages of one device at one time while it was entered.

    What was there before counts nothing. Sizes are rounded up to 512 bytes, as torch's allocator for cards does.
    """

    def __init__(self, device: str = "meta") -> None:
        """Counts storages of the ``device`` of that type."""
        super().__init__()
        self.peak = self.now = 0
        self._device = device
        self._known: weakref.WeakKeyDictionary[torch.UntypedStorage, int] = weakref.WeakKeyDictionary()
        self._attention = _FusedAttention()

    def leave_out(self, *networks: nn.Module) -> None:
        """Weights that were there before."""
        for network in networks:
            for tensor in [*network.parameters(), *network.buffers()]:
                self._known[tensor.untyped_storage()] = 0

    def __enter__(self) -> CountedMemory:
        self._attention.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self._attention.__exit__(*error)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        given = {leaf.untyped_storage() for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)}
        for leaf in tree_leaves(result):
            if isinstance(leaf, Tensor) and leaf.device.type == self._device:
                storage = leaf.untyped_storage()
                if storage not in given:
                    self._born(storage)
        return result

    def _born(self, storage: torch.UntypedStorage) -> None:
        if storage in self._known:
            return
        size = -(-storage.nbytes() // 512) * 512
        self._known[storage] = size
        self.now += size
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._died, size)

    def _died(self, size: int) -> None:
        self.now -= size


def counted(work: Callable[[], object], *networks: nn.Module) -> int:
    """The most bytes that `work()` takes beside the weights of `networks`."""
    with torch.no_grad(), CountedMemory() as memory:
        memory.leave_out(*networks)
        result = work()
        del result
    return memory.peak
