"""Where the int8 values of a bank's entries lie."""

from typing import Protocol

from torch import Tensor


class EntryStore(Protocol):
    """Keeps int8 tensors by place numbers, which it gives out."""

    def add(self, values: Tensor) -> int:
        """Keep ``values``; returns their place."""

    def read(self, place: int) -> Tensor:
        """The values at a place; not to be changed."""

    def remove(self, place: int) -> None:
        """Forget the values at a place."""


class MemoryStore:
    """Values in main memory, each in a tensor of its own: the bank grows as it fills."""

    def __init__(self) -> None:
        self._values: dict[int, Tensor] = {}
        self._next = 0

    def add(self, values: Tensor) -> int:
        """See `EntryStore`."""
        place, self._next = self._next, self._next + 1
        self._values[place] = values
        return place

    def read(self, place: int) -> Tensor:
        """See `EntryStore`."""
        return self._values[place]

    def remove(self, place: int) -> None:
        """See `EntryStore`."""
        del self._values[place]
