"""The entries of one timestep grid of the bank, and the search among them for the one nearest to a new residual."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trainer.erft.quantized import Floats, Int8, inner_products

CANDIDATES = 4
_MOST_CANDIDATES = 16
_VALUES_OF_CANDIDATES = 1 << 17
_FIRST_ROWS = 16


@dataclass(frozen=True)
class Entry:
    """One stored residual without its values: ``scales [C]``, noise level ``sigma``, and L2 ``norm``.

    ``place`` is where the bank's store keeps the int8 values [C * N]; ``number`` counts the inserts of the grid.
    """

    place: int
    scales: Floats
    sigma: float
    norm: float
    number: int


class BankGrid:
    """``entries`` by slot, with sketches [room, buckets], norms [room] and scales [room, C] as arrays beside them."""

    def __init__(self, capacity: int, buckets: int, channels: int) -> None:
        self._capacity = capacity
        self.entries: list[Entry] = []
        self._sketches = np.empty((0, buckets), np.float32)
        self._norms = np.empty(0, np.float32)
        self._scales = np.empty((0, channels), np.float32)

    def put(self, slot: int, entry: Entry, sketch: Floats) -> None:
        """Puts an entry into a slot, or behind the last one."""
        if slot == len(self.entries):
            self._make_room(slot + 1)
            self.entries.append(entry)
        else:
            self.entries[slot] = entry
        self._sketches[slot] = sketch
        self._norms[slot] = entry.norm
        self._scales[slot] = entry.scales

    def _make_room(self, rows: int) -> None:
        """Room doubles when it is short: a filling bank seldom copies what it has, and never owns a full one's room."""
        room = len(self._norms)
        if rows > room:
            more = min(max(2 * room, _FIRST_ROWS), self._capacity) - room
            self._sketches = _longer(self._sketches, more)
            self._norms = _longer(self._norms, more)
            self._scales = _longer(self._scales, more)

    def oldest(self) -> int:
        """The slot of the entry that came first."""
        return min(range(len(self.entries)), key=lambda slot: self.entries[slot].number)

    def nearest(self, residual: Floats, norm: float, sketch: Floats, read: Callable[[int], Int8]) -> int:
        """The slot of the entry nearest to a residual [C, N], of L2 ``norm``, by L2 distance.

        |a - b|^2 = |a|^2 + |b|^2 - 2 |a| |b| cos(a, b): the sketches tell the cosines well enough to name a few
        candidates (more of them where reading them costs nothing); their values, from ``read(place)``, decide.
        """
        fill = len(self.entries)
        norms = self._norms[:fill]
        cosines = self._sketches[:fill] @ sketch
        count = min(max(CANDIDATES, _VALUES_OF_CANDIDATES // residual.size), _MOST_CANDIDATES, fill)
        likely = np.argpartition(norms * (norms - 2 * norm * cosines), count - 1)[:count]
        values = [read(self.entries[slot].place) for slot in likely]
        products = inner_products(values, self._scales[likely], residual)
        distances = np.square(norms[likely]) - 2 * products  # less |a|^2, which is the same for all
        return int(likely[distances.argmin()])


def _longer(rows: Floats, more: int) -> Floats:
    return np.concatenate([rows, np.empty((more, *rows.shape[1:]), np.float32)])
