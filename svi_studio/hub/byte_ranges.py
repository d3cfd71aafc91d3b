"""Which bytes of a file are there: ranges from a first byte up to, not including, an end; never two that touch."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Range(NamedTuple):
    """Bytes ``start`` to ``end - 1``."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.end - self.start


class ByteRanges:
    """A set of bytes."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._ranges: list[Range] = []
        for start, end in sorted(ranges):  # in order, a hundred thousand of them take no time
            if self._ranges and start <= self._ranges[-1].end:
                before = self._ranges[-1]
                self._ranges[-1] = Range(before.start, max(before.end, end))
            elif start < end:
                self._ranges.append(Range(start, end))

    def __iter__(self) -> Iterator[Range]:
        return iter(self._ranges)

    @property
    def size(self) -> int:
        """How many bytes are in it."""
        return sum(each.size for each in self._ranges)

    def add(self, start: int, end: int) -> None:
        """Adds the bytes ``start`` to ``end - 1``."""
        if start >= end:
            return
        apart = [each for each in self._ranges if each.end < start or each.start > end]
        near = [each for each in self._ranges if not (each.end < start or each.start > end)]
        whole = Range(min([start, *(each.start for each in near)]), max([end, *(each.end for each in near)]))
        self._ranges = sorted([*apart, whole])

    def remove(self, start: int, end: int) -> None:
        """Takes the bytes ``start`` to ``end - 1`` out."""
        before, self._ranges = self._ranges, []
        for each in before:
            self.add(each.start, min(each.end, start))
            self.add(max(each.start, end), each.end)

    def gaps(self, size: int) -> Iterator[Range]:
        """The bytes of 0 to ``size - 1`` that are not in it, in order."""
        at = 0
        for each in self._ranges:
            if each.start > at:
                yield Range(at, min(each.start, size))
            at = max(at, each.end)
        if at < size:
            yield Range(at, size)
