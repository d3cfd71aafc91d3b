"""How the transformers of a model lie by the plan in force: whole on the card, or their blocks streamed through it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import nn

from svi_studio.engine.memory.block_stream import BlockStream, streamed_blocks

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.memory.card import Card

HOST = torch.device("cpu")


class Placing:
    """Lays transformers out, one after the other or two at a time; `resident_blocks` as a plan has it."""

    def __init__(self, card: Card, resident_blocks: int | None = None) -> None:
        self.card = card
        self.resident_blocks = resident_blocks

    def device_of(self, blocks: int) -> Callable[[str], torch.device]:
        """Where the tensors of a transformer of so many blocks are read to, by their names, before it is brought."""
        if self.resident_blocks is None:
            return lambda _: self.card.device
        streamed = {f"blocks.{number}." for number in streamed_blocks(blocks, self.resident_blocks)}
        return lambda name: HOST if name[: name.find(".", len("blocks.")) + 1] in streamed else self.card.device

    def share_on_card(self, network: nn.Module) -> float:
        """How much of `network`, or of its outline, is on the card while it does not work: from 0 to 1."""
        blocks = len(getattr(network, "blocks", ()))
        return 1.0 if self.resident_blocks is None or not blocks else min(self.resident_blocks / blocks, 1.0)

    def expect(self, network: nn.Module) -> None:
        """`network` is to be brought: whatever is put into its weights before is worked out on the card, too."""
        _CARDS[network] = self.card

    def bring(self, network: nn.Module) -> None:
        """Lays `network` out by the plan, wherever it lies now. Raises torch.OutOfMemoryError or MemoryError."""
        self.expect(network)
        _ASIDE.discard(network)
        stream = _STREAMS.get(network)
        if self.resident_blocks is None:
            self._stop(network)
            self.card.bring(network)
        else:
            if stream is None:
                stream = _STREAMS[network] = BlockStream(network, self.card)  # known before memory may run out
            stream.keep(self.resident_blocks)

    def leave(self, network: nn.Module) -> None:
        """Takes all of `network` from the card, into the computer's memory."""
        stream = _STREAMS.get(network)
        if stream is None:
            self.card.leave(network)
        else:
            stream.leave()

    def step_aside(self, network: nn.Module) -> None:
        """Takes all of `network` from the card, until it is brought again or called back."""
        if network not in _ASIDE:
            self.leave(network)
            _ASIDE.add(network)

    def call_back(self, network: nn.Module) -> None:
        """Brings `network` if it has stepped aside. Raises as `bring`."""
        if network in _ASIDE:
            self.bring(network)

    def rest(self, network: nn.Module) -> None:
        """`network` works no more for a while: what it needs on the card only while it works is given back."""
        if (stream := _STREAMS.get(network)) is not None:
            stream.settle()

    def _stop(self, network: nn.Module) -> None:
        if (stream := _STREAMS.pop(network, None)) is not None:
            stream.end()


def staying_blocks(network: nn.Module, away: int) -> int:
    """How many blocks of the transformer `network` stay on the card where `away` of them are to wait."""
    return max(len(network.get_submodule("blocks")) - away, 0)  # type: ignore[arg-type]


def adopt(network: nn.Module, stream: BlockStream) -> None:
    """From now on `stream`, which somebody else made for `network`, is the one that lays it out."""
    _STREAMS[network] = stream


def bring_back(network: nn.Module, device: torch.device) -> None:
    """Puts all of `network` that belongs there onto `device`, wherever it was. Raises torch.OutOfMemoryError."""
    stream = _STREAMS.get(network)
    if stream is None:
        network.to(device)
    else:
        stream.bring()


def working_device(network: nn.Module) -> torch.device | None:
    """Where `network` computes, though some of its weights may wait elsewhere; None for one that nobody laid out."""
    card = _CARDS.get(network)
    return None if card is None else card.device


def put_weight(network: nn.Module, parameter: nn.Parameter, weight: Tensor) -> None:
    """Gives `parameter` of `network` the values of `weight` where it lies: what is streamed is never there twice."""
    stream = _STREAMS.get(network)
    if stream is None or not stream.write(parameter, weight):
        parameter.data = weight.to(parameter.device)


_STREAMS: weakref.WeakKeyDictionary[nn.Module, BlockStream] = weakref.WeakKeyDictionary()
_ASIDE: weakref.WeakSet[nn.Module] = weakref.WeakSet()
_CARDS: weakref.WeakKeyDictionary[nn.Module, Card] = weakref.WeakKeyDictionary()
