"""Choices that depend on a seed and on what is chosen, and on nothing else: the same story on every computer."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Dice of one story. Every throw has a name, so that one choice more or less leaves the others as they were."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def pick(self, options: Sequence[T], *name: object) -> T:
        """One of ``options`` (at least one), all equally likely."""
        return options[self.number(*name) % len(options)]

    def shuffled(self, options: Sequence[T], *name: object) -> list[T]:
        """``options`` in some order."""
        places = sorted(range(len(options)), key=lambda place: self.number(*name, place))
        return [options[place] for place in places]

    def number(self, *name: object) -> int:
        """A number from 0 to 2**64 - 1."""
        text = "\0".join(map(str, (self._seed, *name)))
        return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big")
