"""A few results kept by key, so that a constant thing is computed once and a long film fills no memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class RecentResults(Generic[T]):
    """The results for the `capacity` keys asked for last."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._results: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The result for `key`; calls `make` if it is not known, and then forgets the key asked for longest ago."""
        if key not in self._results:
            self._results[key] = make()
        self._results.move_to_end(key)
        while len(self._results) > self._capacity:
            self._results.popitem(last=False)
        return self._results[key]
