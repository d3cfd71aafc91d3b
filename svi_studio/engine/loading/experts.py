"""The two transformers of a model of two experts: brought in when they are needed, and as few as memory demands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import psutil
import torch

from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.model_memory import collect, empty_cache
from svi_studio.engine.memory.placing import HOST, Placing
from svi_studio.engine.out_of_memory import retry_smaller
from svi_studio.weights.model_folder import OneExpert

if TYPE_CHECKING:
    from torch import nn

    from svi_studio.domain.render.memory_plan import MemoryPlan

_ROOM: Final = 1.4
"""Memory that must be free for an expert, in multiples of its size: its activations need some, too."""
_BOTH: Final = 2


@dataclass(frozen=True)
class ExpertSource:
    """Where one expert comes from: `outline` is its network on the meta device, `load` reads it.

    `load` need not lay it out where it works. `size` is its bytes in memory.
    """

    outline: nn.Module
    load: Callable[[], nn.Module]
    size: int


class Experts:
    """The expert for the noisy steps, `high`, and the one for the others, `low`.

    While one works, the other stays beside it where there is room, else it waits in the computer's memory, else it is
    let go and read again when its turn comes; a plan may want less than there is room for. What comes out is the same
    in all three cases. `ready` is called with an
    expert when it was read and is not laid out yet, with its base weights, and each time before it works; it is quick
    where there is nothing to do.
    """

    def __init__(
        self,
        sources: Mapping[OneExpert, ExpertSource],
        device: torch.device,
        *,
        free_bytes: Callable[[torch.device], int] | None = None,
        placing: Placing | None = None,
        by_plan: bool = False,
    ) -> None:
        """`free_bytes` says how much memory a device has left; by default the system is asked.

        `placing` lays out each that works; by default all of it lies on `device`. `by_plan`: the other one is where the
        plan says, whatever is free, and whoever calls knows a smaller plan where that is too much.
        """
        self._sources = sources
        self._device = device
        self._free_bytes = free_bytes or free_memory
        self._networks: dict[OneExpert, nn.Module] = {}
        self._waiting: set[OneExpert] = set()
        self._placing = placing or Placing(Card(device))
        self._by_plan = by_plan
        self._plan = EVERYTHING_RESIDENT
        self._working: OneExpert = "high"
        self.ready: Callable[[OneExpert, nn.Module], None] | None = None

    def get(self, expert: OneExpert) -> nn.Module:
        """The network of `expert` on its device, ready; raises BadWeights when it cannot be read.

        Nobody keeps it for longer than a step, or it could not be let go.
        """
        if expert not in self._networks or expert in self._waiting:
            other = _other(expert)
            if other in self._networks and other not in self._waiting:
                self._placing.rest(self._networks[other])
                self._make_room(expert, other)
            if self._by_plan:
                self._bring(expert)
            else:
                retry_smaller(lambda: self._bring(expert), lambda: self._bring_alone(expert))
        network, self._working = self._networks[expert], expert
        if self.ready is not None:
            self.ready(expert, network)
        return network

    def calling(self, expert: OneExpert) -> Callable[..., Any]:
        """What can be called as the transformer of `expert`, in memory or not when that is made."""

        def call(**arguments: Any) -> Any:
            return self.get(expert)(**arguments)

        return call

    def obey(self, plan: MemoryPlan) -> None:
        """Lies as `plan` says from now on. Raises torch.OutOfMemoryError or MemoryError."""
        self._plan = plan
        self._placing.resident_blocks = plan.resident_blocks
        here = [expert for expert in self._networks if expert not in self._waiting]
        if len(here) == _BOTH:
            self._make_room(self._working, _other(self._working))
        for expert in here:
            if expert in self._networks and expert not in self._waiting:
                self._placing.bring(self._networks[expert])

    def rest(self) -> None:
        """No expert has a call for a while: what they need on the card only for calls is given back."""
        for network in self._networks.values():
            self._placing.rest(network)

    def step_aside(self) -> None:
        """Those on the card leave it until their next calls; with a plan that reads one again, they are let go."""
        for expert in [each for each in self._networks if each not in self._waiting]:
            if self._plan.other_expert == "read_again":
                self._let_go(expert)
            else:
                self._placing.leave(self._networks[expert])
                self._waiting.add(expert)
        empty_cache()

    def work(self) -> None:
        """See `Transformers`: each comes when it is asked for; the first of a clip, where none is here, at once."""
        if not self._networks:
            self.get("high")

    def in_memory(self) -> Mapping[OneExpert, nn.Module]:
        """Those that are in memory now, working or waiting."""
        return MappingProxyType(self._networks)

    def outline(self, expert: OneExpert) -> nn.Module:
        """The network of `expert` on the meta device: its names and shapes, for which nothing is loaded."""
        return self._sources[expert].outline

    def _bring(self, expert: OneExpert) -> None:
        if expert not in self._networks:
            network = self._networks[expert] = self._sources[expert].load()
            self._waiting.add(expert)
            self._placing.expect(network)
            if self.ready is not None:  # its blocks are laid side by side once, with all that belongs to them
                self.ready(expert, network)
        self._placing.bring(self._networks[expert])
        self._waiting.discard(expert)

    def _bring_alone(self, expert: OneExpert) -> None:
        self._let_go(expert)  # it may lie half here and half there
        self._let_go(_other(expert))
        self._bring(expert)

    def _make_room(self, expert: OneExpert, other: OneExpert) -> None:
        """`other` goes as far out of the way of `expert` as memory and the plan demand."""
        wanted, is_apart = self._plan.other_expert, self._placing.card.is_apart
        may_stay = wanted == "beside" or (wanted == "waiting" and not is_apart)
        if may_stay and self._has_room(self._device, expert):
            return
        if wanted != "read_again" and is_apart and self._has_room(HOST, other):
            self._placing.leave(self._networks[other])
            self._waiting.add(other)
            empty_cache()
        else:
            self._let_go(other)

    def _has_room(self, device: torch.device, expert: OneExpert) -> bool:
        if self._by_plan:
            return True
        source = self._sources[expert]
        share = self._placing.share_on_card(source.outline) if device == self._device else 1.0
        return self._free_bytes(device) >= _ROOM * share * source.size

    def _let_go(self, expert: OneExpert) -> None:
        self._networks.pop(expert, None)
        self._waiting.discard(expert)
        collect()


def free_memory(device: torch.device) -> int:
    """Bytes that can still be had on `device`; those that torch keeps for itself there count as free."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(psutil.virtual_memory().available)


def _other(expert: OneExpert) -> OneExpert:
    return "low" if expert == "high" else "high"
