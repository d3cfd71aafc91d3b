"""The entries of one timestep grid of the bank, and the search among them for the one nearest to a new residual."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.erft.quantized import inner_product

CANDIDATES = 4
_FIRST_ROWS = 16


@dataclass(frozen=True)
class Entry:
    """One stored residual, without its values: ``scales [C]``, noise level, L2 ``norm`` and order of arrival.

    ``place`` is where the bank's store keeps the int8 values.
    """

    place: int
    scales: Tensor
    sigma: float
    norm: float
    number: int


class BankGrid:
    """Entries in the order of their slots, their sketches [fill, buckets] and norms [fill]."""

    def __init__(self, capacity: int, buckets: int) -> None:
        self._capacity = capacity
        self._buckets = buckets
        self.entries: list[Entry] = []
        self._sketches = torch.empty(0, buckets)
        self._norms = torch.empty(0)

    def put(self, slot: int, entry: Entry, sketch: Tensor) -> None:
        """Put an entry into a slot, or behind the last one."""
        if slot == len(self.entries):
            self._grow(slot + 1)
            self.entries.append(entry)
        else:
            self.entries[slot] = entry
        self._sketches[slot] = sketch
        self._norms[slot] = entry.norm

    def _grow(self, rows: int) -> None:
        """Make room for the sketches; it doubles, so that a filling bank seldom copies them."""
        if rows <= len(self._norms):
            return
        room = min(max(2 * len(self._norms), _FIRST_ROWS), self._capacity)
        for name in ("_sketches", "_norms"):
            old = getattr(self, name)
            new = torch.empty(room, *old.shape[1:])
            new[: len(old)] = old
            setattr(self, name, new)

    def oldest(self) -> int:
        """The slot of the entry that came first."""
        return min(range(len(self.entries)), key=lambda slot: self.entries[slot].number)

    def nearest(self, residual: Tensor, norm: float, sketch: Tensor, read: Callable[[int], Tensor]) -> int:
        """The slot of the entry nearest to a float32 residual [C, T, h, w] by L2 distance.

        |a - b|^2 = |a|^2 + |b|^2 - 2 |a| |b| cos(a, b): the sketches tell the cosines well enough to name a few
        candidates; the values of these, from ``read(place)``, tell theirs.
        """
        fill = len(self.entries)
        norms = self._norms[:fill]
        cosines = self._sketches[:fill] @ sketch
        likely = (norms * (norms - (2 * norm) * cosines)).topk(min(CANDIDATES, fill), largest=False).indices.tolist()
        return min(likely, key=lambda slot: self._distance(self.entries[slot], residual, read))

    @staticmethod
    def _distance(entry: Entry, residual: Tensor, read: Callable[[int], Tensor]) -> float:
        """|b|^2 - 2 <a, b>: the squared distance less |a|^2, which is the same for all."""
        return entry.norm**2 - 2 * inner_product(read(entry.place), entry.scales, residual)
