"""Which clip, variant and condition each sample of a training is: a function of the seed and the sample's number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trainer.dataset.condition import Kind, TrainingCondition
from trainer.dataset.families import FamilyTraining


@dataclass(frozen=True)
class Sample:
    """One sample: the number of its `clip`, which `variant` of it, and its condition.

    `null`: condition and picture tokens are zero. `deaf`: the sound is; `unled`: the skeleton is.
    """

    clip: int
    variant: int
    kind: Kind
    null: bool = False
    deaf: bool = False
    unled: bool = False


NOTHING_TAKEN = FamilyTraining()


@dataclass(frozen=True)
class Draws:
    """The samples of a training: every clip once in every epoch, each epoch in another order.

    An epoch shows one variant of each clip, the next epoch the next one, and after `variants` of them the first again;
    `variants` of None never repeats. Nothing is remembered from draw to draw, so a training goes on anywhere.
    """

    clips: int
    seed: int
    condition: TrainingCondition
    family: FamilyTraining = NOTHING_TAKEN
    variants: int | None = None

    def sample(self, draw: int) -> Sample:
        """The sample number `draw` of the training, counted from 0 over all processes."""
        epoch, place = divmod(draw, self.clips)
        rng = random.Random(f"{self.seed} sample {draw}")
        kind = self.condition.draw(rng)
        unled = [rng.random() < each for each in self.family.unled_probabilities]  # all are drawn, as the authors do
        null = _happens(self.family.null_probability, rng)
        deaf = _happens(self.family.deaf_probability, rng)
        variant = epoch % self.variants if self.variants else epoch
        clip = _order(self.seed, epoch, self.clips)[place]
        return Sample(clip, variant, kind, null=null, deaf=deaf, unled=any(unled))


def _happens(probability: float, rng: random.Random) -> bool:
    """One draw, and none where nothing can come of it: the draws after it stay those of an earlier version."""
    return probability > 0 and rng.random() < probability


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, clips: int) -> Sequence[int]:
    order = list(range(clips))
    random.Random(f"{seed} epoch {epoch}").shuffle(order)
    return order
