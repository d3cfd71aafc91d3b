"""Which clip, variant and condition each sample of a training is: a function of the seed and the sample's number."""

from __future__ import annotations

import random
from collections.abc import Hashable
from dataclasses import dataclass

from trainer.dataset.condition import Kind, TrainingCondition
from trainer.dataset.epoch_plan import EpochPlan
from trainer.dataset.families import FamilyTraining


@dataclass(frozen=True)
class Sample:
    """One sample: the number of its `clip`, which `variant` of it, and its condition.

    `null`: condition and picture tokens are zero. `deaf`: the sound is; `unled`: the skeleton is. `wordless`: nothing
    is said of it.
    """

    clip: int
    variant: int
    kind: Kind
    null: bool = False
    deaf: bool = False
    unled: bool = False
    wordless: bool = False


NOTHING_TAKEN = FamilyTraining()


@dataclass(frozen=True)
class Draws:
    """The samples of a training: every clip once in every epoch, or as often as `times` says, in another order each.

    An epoch shows one variant of each clip, the next epoch the next one, and after `variants` of them the first again;
    `variants` of None never repeats. Nothing is remembered from draw to draw, so a training goes on anywhere.
    `wordless_probability`: that nothing is said of a clip. `groups` (one for each clip, empty = all are alike) keeps
    apart what cannot be in one batch: every `together` samples in a row are of one group, and where a group has not
    enough for its last batch in an epoch, its first ones come again.
    """

    clips: int
    seed: int
    condition: TrainingCondition
    family: FamilyTraining = NOTHING_TAKEN
    variants: int | None = None
    times: tuple[int, ...] = ()
    wordless_probability: float = 0.0
    groups: tuple[Hashable, ...] = ()
    together: int = 1

    def sample(self, draw: int) -> Sample:
        """The sample number `draw` of the training, counted from 0 over all processes."""
        plan = EpochPlan(self.clips, self.times, self.groups, self.together)
        epoch, place = divmod(draw, plan.length)
        rng = random.Random(f"{self.seed} sample {draw}")
        kind = self.condition.draw(rng)
        unled = [rng.random() < each for each in self.family.unled_probabilities]  # all are drawn, as the authors do
        null = _happens(self.family.null_probability, rng)
        deaf = _happens(self.family.deaf_probability, rng)
        wordless = _happens(self.wordless_probability, rng)
        clip, time = plan.order(self.seed, epoch)[place]
        shown = epoch * (self.times[clip] if self.times else 1) + time
        variant = shown % self.variants if self.variants else shown
        return Sample(clip, variant, kind, null=null, deaf=deaf, unled=any(unled), wordless=wordless)


def _happens(probability: float, rng: random.Random) -> bool:
    """One draw, and none where nothing can come of it: the draws after it stay those of an earlier version."""
    return probability > 0 and rng.random() < probability
