"""Streams a transformer's blocks through the card, each while the one before it works."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from svi_studio.engine.memory.packed import PackedTensors, put_tensor, tensors
from svi_studio.engine.memory.pinned import host_room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svi_studio.engine.memory.card import Card


@dataclass
class _Slot:
    """Room on the card for one block, and which of the streamed ones is in it."""

    room: Tensor
    holds: int | None = None
    arrival: Any = None


class BlockStream:
    """Keeps some blocks of a transformer on the card, and the others in the computer's memory, ready to be copied.

    Those that stay are spread among the others, so that there is time to copy. A streamed block has two places on the
    card: while one block works in one, the next comes into the other. A block may be called several times in a row,
    which costs no further copy. Weights that someone changes between two calls, by putting others in their place, are
    noticed and packed anew.
    """

    def __init__(self, transformer: nn.Module, card: Card) -> None:
        """Nothing changes before `keep`, so that whoever made this can hold it should memory run out there."""
        self._transformer = weakref.ref(transformer)
        self._card = card
        self._slots: list[_Slot] = []
        self._packed: list[PackedTensors] = []
        self._hooks: list[Any] = []
        weakref.finalize(self, _finish_copies, card, self._slots).atexit = False

    @property
    def host_bytes(self) -> int:
        """Bytes of the computer's memory that the streamed blocks lie in."""
        return sum(packed.host.nbytes for packed in self._packed)

    def keep(self, resident_blocks: int) -> None:
        """From now on so many blocks stay on the card, and all weights lie by that, wherever they were before.

        What is streamed already is not copied again. Raises torch.OutOfMemoryError or MemoryError; then it holds what
        it had time for, and is to be called again.
        """
        self.settle()
        blocks: Any = self._owner().get_submodule("blocks")
        chosen = [blocks[number] for number in streamed_blocks(len(blocks), resident_blocks)]
        known = {id(packed.module): packed for packed in self._packed}
        for block in chosen:
            if id(block) not in known:
                known[id(block)] = PackedTensors(block, self._host_room, self._is_streamed)
                self._packed.append(known[id(block)])  # at once: it is right if there is no memory for the next
        self._packed = [known[id(block)] for block in chosen]
        for hook in self._hooks:
            hook.remove()
        self._hooks = [
            block.register_forward_pre_hook(partial(self._before, number)) for number, block in enumerate(chosen)
        ]
        self.bring()

    def bring(self) -> None:
        """Brings all that stays onto the card. Raises torch.OutOfMemoryError."""
        self._move_the_rest(self._card.hold)

    def leave(self) -> None:
        """Takes all of it from the card, into the computer's memory."""
        self.settle()
        self._move_the_rest(self._card.give_back)

    def write(self, parameter: nn.Parameter, weight: Tensor) -> bool:
        """Writes the values of `weight` into `parameter`, if that is in a streamed block; whether it is."""
        if not any(packed.has(parameter) for packed in self._packed):
            return False
        self._give_slots_back()
        parameter.data.copy_(weight)
        return True

    def settle(self) -> None:
        """Gives the streamed blocks' room on the card back; their weights are seen in the computer's memory."""
        self._pack_changed()
        self._give_slots_back()

    def end(self) -> None:
        """Streams no more: the weights stay where they are now."""
        self.settle()
        for hook in self._hooks:
            hook.remove()

    def _owner(self) -> nn.Module:
        transformer = self._transformer()
        if transformer is None:
            raise ReferenceError("the transformer of this stream is gone")
        return transformer

    def _move_the_rest(self, to: Callable[[Tensor], Tensor]) -> None:
        streamed = {id(module): packed for packed in self._packed for module in packed.module.modules()}
        for owner, name, tensor in list(tensors(self._owner())):
            packed = streamed.get(id(owner))
            if packed is None or not packed.keeps(owner, name):
                put_tensor(owner, name, to(tensor.data))

    def _host_room(self, size: int) -> Tensor:
        return host_room(size, self._card.device)

    def _before(self, number: int, _: nn.Module, __: object) -> None:
        """Before the streamed block `number` works: it has arrived, and the next one is on its way."""
        if number == 0:
            self._pack_changed()
        slot = self._fetch(number, None)
        self._card.await_arrival(slot.arrival)
        self._packed[number].show(slot.room)
        self._fetch(self._next(number) % len(self._packed), number)

    def _next(self, number: int) -> int:
        """Which streamed block most likely works after `number`; counted round."""
        return number + 1

    def _is_streamed(self, tensor: Tensor) -> bool:
        """Whether a tensor of a streamed block comes and goes with it."""
        return True

    def _fetch(self, number: int, working: int | None) -> _Slot:
        """The slot that `number` is in, or on its way to; that of the block that is `working` stays as it is."""
        slots = self._slots or self._new_slots()
        for slot in slots:
            if slot.holds == number:
                return slot
        free = next((slot for slot in slots if slot.holds is None), None)
        slot = free or next(slot for slot in slots if slot.holds != working)
        self._empty(slot)
        packed = self._packed[number]
        slot.arrival = self._card.copy(packed.host, slot.room[: packed.size], self._card.moment())
        slot.holds = number
        return slot

    def _new_slots(self) -> list[_Slot]:
        size = max(packed.size for packed in self._packed)
        self._slots[:] = [_Slot(self._card.room(size)) for _ in range(min(2, len(self._packed)))]
        return self._slots

    def _empty(self, slot: _Slot) -> None:
        if slot.holds is not None:
            self._card.await_arrival(slot.arrival)
            self._packed[slot.holds].show_in_host()
        slot.holds = slot.arrival = None

    def _give_slots_back(self) -> None:
        _finish_copies(self._card, self._slots)  # what is copied from may be given back next
        for slot in self._slots:
            self._empty(slot)
        self._slots.clear()

    def _pack_changed(self) -> None:
        changed = [number for number, packed in enumerate(self._packed) if not packed.is_whole()]
        for slot in self._slots:
            if slot.holds in changed:
                self._card.finish(slot.arrival)  # or memory that is still copied would be given back
                slot.holds = slot.arrival = None
        for number in changed:
            self._packed[number] = PackedTensors(self._packed[number].module, self._host_room, self._is_streamed)
        if changed and self._slots and max(packed.size for packed in self._packed) > self._slots[0].room.nbytes:
            self._give_slots_back()


def _finish_copies(card: Card, slots: list[_Slot]) -> None:
    """Returns when nothing is under way into `slots`: neither they nor what comes may be given back before."""
    for slot in slots:
        card.finish(slot.arrival)


def streamed_blocks(blocks: int, resident: int) -> Sequence[int]:
    """Which of so many blocks are streamed when so many stay: those that stay are spread evenly among them."""
    streamed = max(blocks - resident, 0)
    return sorted({number * blocks // streamed for number in range(streamed)}) if streamed else ()
