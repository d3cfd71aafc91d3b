"""The networks beside the transformer: on the card for good, only while they work, or never."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn

from svi_studio.engine.memory.packed import move, put_tensor, tensors
from svi_studio.engine.memory.placing import HOST

if TYPE_CHECKING:
    from svi_studio.domain.render.memory_plan import Helper
    from svi_studio.engine.memory.card import Card

_Waiting = tuple[nn.Module, str, Tensor]
_PARTS: Final = ("_modules", "_parameters", "_buffers")


@dataclass(frozen=True)
class Rereading:
    """How a network comes back that was let go: `outline` is one of its kind on the meta device, `read` a new one."""

    outline: nn.Module
    read: Callable[[torch.device], nn.Module]


class Guest:
    """One network, and where it lies while it works and while it does not.

    With `again`, it is nowhere while it does not work: it is read again, onto the device that is given, when its turn
    comes. Without, it waits in the computer's memory. `tiled` is for a VAE: whether pictures go through it in tiles;
    None where that shows only when they do not go through it whole. `make_room` is called before it comes to work.
    """

    def __init__(self, network: nn.Module, card: Card, helper: Helper, again: Rereading | None = None) -> None:
        """`network` lies anywhere; on the meta device, which `again` is needed for, it comes when it is to work.

        Raises torch.OutOfMemoryError.
        """
        self.tiled: bool | None = None
        self.make_room: Callable[[], None] | None = None
        self._network = weakref.ref(network)
        self._card = card
        self._helper = helper
        self._again = again
        self._away = _contents(again.outline) if again is not None else {}
        self._is_here = not any(tensor.is_meta for _, _, tensor in tensors(network))
        self._is_on_card = helper == "resident" and self._is_here
        self._waiting: list[_Waiting] = []
        self._at_work = 0
        if self._is_on_card:
            move(network, card.hold)
        _GUESTS[network] = self

    @property
    def helper(self) -> Helper:
        """Where it is."""
        return self._helper

    def stay(self, helper: Helper) -> None:
        """From now on it lies there; nobody may be at work with it. Raises torch.OutOfMemoryError."""
        if helper != self._helper:
            self._go()
            self._helper = helper
        if helper == "resident":
            self._come()
            self._waiting = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """It is where it works, however often it is called in there. Raises torch.OutOfMemoryError, BadWeights."""
        self._at_work += 1
        try:
            if self._at_work == 1:
                if self.make_room is not None:
                    self.make_room()
                self._come()
            yield
        finally:
            self._at_work -= 1
            if self._at_work == 0 and self._helper != "resident":
                self._go()

    def _come(self) -> None:
        if not self._is_here and self._again is not None:
            device = HOST if self._helper == "processor" else self._card.device
            _fill(self._owner(), _contents(self._again.read(device)))
            self._is_here = True
        if self._helper != "processor" and not self._is_on_card:
            self._move_in()

    def _move_in(self) -> None:
        self._waiting = [(owner, name, tensor.data) for owner, name, tensor in tensors(self._owner())]
        self._is_on_card = True
        try:
            for owner, name, tensor in self._waiting:
                put_tensor(owner, name, self._card.hold(tensor))
        except BaseException:
            self._go()
            raise

    def _go(self) -> None:
        if self._again is not None:
            _fill(self._owner(), self._away)
            self._is_here = False
        elif self._is_on_card:
            for owner, name, tensor in self._waiting:
                put_tensor(owner, name, tensor)
            if not self._waiting:
                move(self._owner(), self._card.give_back)
        self._waiting, self._is_on_card = [], False

    def _owner(self) -> nn.Module:
        network = self._network()
        if network is None:
            raise ReferenceError("this network is gone")
        return network


@contextmanager
def at_work(network: Any) -> Iterator[Guest | None]:
    """`network` is where it works by the plan in force, which is nothing new for one that is no guest.

    The guest says how it is to work. Raises torch.OutOfMemoryError, and BadWeights for one that cannot be read again.
    """
    guest = _GUESTS.get(network) if isinstance(network, nn.Module) else None
    if guest is None:
        yield None
        return
    with guest.at_work():
        yield guest


def _contents(network: nn.Module) -> dict[str, Any]:
    return {part: network.__dict__[part] for part in _PARTS}


def _fill(network: nn.Module, contents: dict[str, Any]) -> None:
    """Lets `network` have the modules and tensors of another of its kind; the object stays the same."""
    network.__dict__.update(contents)


_GUESTS: weakref.WeakKeyDictionary[nn.Module, Guest] = weakref.WeakKeyDictionary()
