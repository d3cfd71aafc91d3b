"""All tensors of a module side by side in one piece of memory, so that one copy brings them onto the card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from svi_studio.engine.memory.card import aligned


def _every(_tensor: Tensor) -> bool:
    return True


@dataclass(frozen=True)
class _Place:
    """One tensor of a module, and where it begins in the piece of memory."""

    owner: nn.Module
    name: str
    start: int
    dtype: torch.dtype
    shape: torch.Size

    @property
    def tensor(self) -> Tensor | None:
        """What the module has there now."""
        return tensor_of(self.owner, self.name)

    def seen_in(self, memory: Tensor) -> Tensor:
        """The tensor as it lies in `memory`, uint8."""
        size = self.shape.numel() * self.dtype.itemsize
        return memory[self.start : self.start + size].view(self.dtype).view(self.shape)


class PackedTensors:
    """The parameters and buffers of one module. Its module always sees them: in `host`, or where they were shown last.

    Someone may put another tensor in the place of one, as where a LoRA is merged; `is_whole` tells, and the module is
    packed anew then.
    """

    def __init__(
        self, module: nn.Module, room: Callable[[int], Tensor], wanted: Callable[[Tensor], bool] = _every
    ) -> None:
        """Takes over those tensors of `module` that are `wanted`, wherever they lie.

        `room` gives memory of the computer, uint8.
        """
        self.module = module
        self._wanted = wanted
        self._places = list(_places(module, wanted))
        self.size = sum(aligned(place.shape.numel() * place.dtype.itemsize) for place in self._places)
        self.host = room(self.size)
        for place in self._places:
            tensor = place.tensor
            if tensor is not None:
                place.seen_in(self.host).copy_(tensor)
                put_tensor(place.owner, place.name, place.seen_in(self.host))
        self._shown = self.host
        self._known = {(id(place.owner), place.name): place for place in self._places}
        self._parameters = {each for each in module.parameters() if wanted(each)}

    def has(self, parameter: nn.Parameter) -> bool:
        """Whether `parameter` is one of them."""
        return parameter in self._parameters

    def keeps(self, owner: nn.Module, name: str) -> bool:
        """Whether the tensor `name` of `owner` is one of them."""
        return (id(owner), name) in self._known

    def show(self, memory: Tensor) -> None:
        """Lets the module see its tensors in `memory`, which holds what `host` holds, in at least as many bytes."""
        for place in self._places:
            put_tensor(place.owner, place.name, place.seen_in(memory))
        self._shown = memory

    def show_in_host(self) -> None:
        """Lets the module see its tensors in the computer's memory."""
        self.show(self.host)

    def is_whole(self) -> bool:
        """Whether the module still has those tensors, none more and none else."""
        start, found = self._shown.data_ptr(), 0
        for owner, name, tensor in tensors(self.module):
            if not self._wanted(tensor):
                continue
            place = self._known.get((id(owner), name))
            if place is None or tensor.dtype != place.dtype or tensor.shape != place.shape:
                return False
            if tensor.numel() and tensor.data_ptr() != start + place.start:
                return False
            found += 1
        return found == len(self._known)


def tensors(module: nn.Module) -> Iterator[tuple[nn.Module, str, Tensor]]:
    """(owner, name, tensor) of every parameter and buffer of `module`, each once."""
    seen: set[int] = set()
    for owner in module.modules():
        for name, tensor in (*owner._parameters.items(), *owner._buffers.items()):
            if tensor is not None and id(tensor) not in seen:
                seen.add(id(tensor))
                yield owner, name, tensor


def tensor_of(owner: nn.Module, name: str) -> Tensor | None:
    """The parameter or buffer `name` of `owner` itself."""
    return owner._parameters[name] if name in owner._parameters else owner._buffers.get(name)


def put_tensor(owner: nn.Module, name: str, tensor: Tensor) -> None:
    """Lets `owner` see `tensor` as its parameter or buffer `name`; a parameter stays the same object."""
    parameter = owner._parameters.get(name)
    if parameter is not None:
        parameter.data = tensor
    else:
        owner._buffers[name] = tensor


def move(module: nn.Module, to: Callable[[Tensor], Tensor]) -> None:
    """Puts `to(tensor)` in the place of every tensor of `module`, one after the other."""
    for owner, name, tensor in list(tensors(module)):
        put_tensor(owner, name, to(tensor.data))


def _places(module: nn.Module, wanted: Callable[[Tensor], bool]) -> Iterator[_Place]:
    start = 0
    for owner, name, tensor in tensors(module):
        if not wanted(tensor):
            continue
        yield _Place(owner, name, start, tensor.dtype, tensor.shape)
        start += aligned(tensor.numel() * tensor.dtype.itemsize)
