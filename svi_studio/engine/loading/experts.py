"""The two transformers of a model of two experts: brought in when they are needed, and as few as memory demands."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import psutil
import torch

from svi_studio.engine.out_of_memory import retry_smaller
from svi_studio.weights.model_folder import OneExpert

if TYPE_CHECKING:
    from torch import nn

_ROOM: Final = 1.4
"""Memory that must be free for an expert, in multiples of its size: its activations need some, too."""


@dataclass(frozen=True)
class ExpertSource:
    """Where one expert comes from: `outline` is its network on the meta device, `load` reads it onto its device.

    `size` is its bytes in memory.
    """

    outline: nn.Module
    load: Callable[[], nn.Module]
    size: int


class Experts:
    """The expert for the noisy steps, `high`, and the one for the others, `low`.

    While one works, the other stays beside it where there is room, else it waits in the computer's memory, else it is
    let go and read again when its turn comes. What comes out is the same in all three cases. `ready` is called with an
    expert each time before it works, and is quick where there is nothing to do: one that was read again has its base
    weights.
    """

    def __init__(
        self,
        sources: Mapping[OneExpert, ExpertSource],
        device: torch.device,
        *,
        free_bytes: Callable[[torch.device], int] | None = None,
    ) -> None:
        """`free_bytes` says how much memory a device has left; by default the system is asked."""
        self._sources = sources
        self._device = device
        self._free_bytes = free_bytes or free_memory
        self._networks: dict[OneExpert, nn.Module] = {}
        self._waiting: set[OneExpert] = set()
        self.ready: Callable[[OneExpert, nn.Module], None] | None = None

    def get(self, expert: OneExpert) -> nn.Module:
        """The network of `expert` on its device, ready; raises BadWeights when it cannot be read.

        Nobody keeps it for longer than a step, or it could not be let go.
        """
        if expert not in self._networks or expert in self._waiting:
            other = _other(expert)
            if other in self._networks and other not in self._waiting:
                self._make_room(expert, other)
            retry_smaller(lambda: self._bring(expert), lambda: self._bring_alone(expert))
        network = self._networks[expert]
        if self.ready is not None:
            self.ready(expert, network)
        return network

    def calling(self, expert: OneExpert) -> Callable[..., Any]:
        """What can be called as the transformer of `expert`, in memory or not when that is made."""

        def call(**arguments: Any) -> Any:
            return self.get(expert)(**arguments)

        return call

    def in_memory(self) -> Mapping[OneExpert, nn.Module]:
        """Those that are in memory now, working or waiting."""
        return MappingProxyType(self._networks)

    def outline(self, expert: OneExpert) -> nn.Module:
        """The network of `expert` on the meta device: its names and shapes, for which nothing is loaded."""
        return self._sources[expert].outline

    def _bring(self, expert: OneExpert) -> None:
        if expert in self._waiting:
            self._networks[expert].to(self._device)
            self._waiting.discard(expert)
        else:
            self._networks[expert] = self._sources[expert].load()

    def _bring_alone(self, expert: OneExpert) -> None:
        self._let_go(expert)  # it may lie half here and half there
        self._let_go(_other(expert))
        self._bring(expert)

    def _make_room(self, expert: OneExpert, other: OneExpert) -> None:
        if self._free_bytes(self._device) >= _ROOM * self._sources[expert].size:
            return
        host = torch.device("cpu")
        if self._device.type == "cuda" and self._free_bytes(host) >= _ROOM * self._sources[other].size:
            self._networks[other].to(host)
            self._waiting.add(other)
            _empty_caches()
        else:
            self._let_go(other)

    def _let_go(self, expert: OneExpert) -> None:
        self._networks.pop(expert, None)
        self._waiting.discard(expert)
        _empty_caches()


def free_memory(device: torch.device) -> int:
    """Bytes that can still be had on `device`; those that torch keeps for itself there count as free."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(psutil.virtual_memory().available)


def _other(expert: OneExpert) -> OneExpert:
    return "low" if expert == "high" else "high"


def _empty_caches() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
