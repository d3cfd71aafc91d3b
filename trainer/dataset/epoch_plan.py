"""In which order an epoch shows its clips: each as often as it counts, batches of one size, shuffled by a seed."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

Showing = tuple[int, int]
"""The number of a clip, and how often the epoch has shown it before."""


@dataclass(frozen=True)
class EpochPlan:
    """An epoch of `clips` clips, `times` times each (empty: once), `together` in a row of one of `groups`."""

    clips: int
    times: tuple[int, ...] = ()
    groups: tuple[Hashable, ...] = ()
    together: int = 1

    @property
    def length(self) -> int:
        """Samples of one epoch."""
        return _length(self)

    def order(self, seed: int, epoch: int) -> Sequence[Showing]:
        """What the epoch shows, one after the other; another order for every seed and epoch."""
        return _order(self, seed, epoch)

    @property
    def is_mixed(self) -> bool:
        """Whether there is more than one group, so that batches must be kept of one."""
        return len(set(self.groups)) > 1

    def showings(self) -> list[Showing]:
        """All of an epoch, by clip."""
        return [(clip, time) for clip in range(self.clips) for time in range(self.times[clip] if self.times else 1)]


@lru_cache(maxsize=8)
def _length(plan: EpochPlan) -> int:
    if not plan.is_mixed:
        return len(plan.showings())
    counts: dict[Hashable, int] = {}
    for clip, _ in plan.showings():
        counts[plan.groups[clip]] = counts.get(plan.groups[clip], 0) + 1
    return sum(-(-count // plan.together) * plan.together for count in counts.values())


@lru_cache(maxsize=4)
def _order(plan: EpochPlan, seed: int, epoch: int) -> Sequence[Showing]:
    rng = random.Random(f"{seed} epoch {epoch}")
    order = plan.showings()
    rng.shuffle(order)
    if not plan.is_mixed:
        return order
    batches: list[list[Showing]] = []
    for group in dict.fromkeys(plan.groups):
        own = [showing for showing in order if plan.groups[showing[0]] == group]
        missing = -len(own) % plan.together
        own += [own[place % len(own)] for place in range(missing)]
        batches += [own[start : start + plan.together] for start in range(0, len(own), plan.together)]
    rng.shuffle(batches)
    return [showing for batch in batches for showing in batch]
