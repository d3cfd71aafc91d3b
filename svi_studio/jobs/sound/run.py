"""Sound on its way to the ears: blocks of the film's mix in the order in which they are heard."""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""float32 [count, 2], 1.0 = full scale."""


class Block(NamedTuple):
    """``samples`` of the film from the film sample ``first`` on."""

    first: int
    samples: Samples

    @property
    def stop(self) -> int:
        """The film sample after its last."""
        return self.first + len(self.samples)


class Anchor(NamedTuple):
    """At ``time`` (seconds of perf_counter) the film sample ``sample`` is heard, and ``length`` ones from there on.

    What comes after them has an anchor of its own; until that is there, nothing can be heard of it.
    """

    run: int
    time: float
    sample: int
    length: int


@dataclass(eq=False)
class Run:
    """One uninterrupted stretch of playing: one thread appends blocks, the system's own takes them from the front.

    ``number`` tells runs apart; a run that only has another mix keeps the number and ``joins`` where the one before
    it has come to. ``tells_time``: whether the picture follows it. ``ended``: no more blocks come.
    """

    number: int
    joins: bool = False
    tells_time: bool = True
    blocks: deque[Block] = field(default_factory=deque)
    ended: bool = False
    appended: int = 0
    taken: int = 0

    @property
    def ahead(self) -> int:
        """Samples that are ready and not taken yet."""
        return self.appended - self.taken

    def append(self, block: Block) -> None:
        """Makes a block ready."""
        self.blocks.append(block)
        self.appended += len(block.samples)
