"""Hand-made errors instead of the bank's: the model sees a spoilt copy of a clip and learns the clean one.

After "restorative flow matching" of EverAnimate, the later work of SVI's authors, which has given up the bank for it.
Their older paper found the bank better (table 6), so that here either can be chosen and both compared.
"""

import random

from torch import Tensor

from svi_studio.domain.training.recipe import ErrorRecycling
from trainer.erft.schedule import TrainingSchedule


def takes_degraded(errors: ErrorRecycling, sigma: float, rng: random.Random) -> bool:
    """Whether a clip at noise level ``sigma`` is fed from its spoilt copy: above a level only, with a probability.

    Below, too little noise is left for the model to turn what it sees into something else. One draw at every level, so
    that it changes none of the draws behind it.
    """
    drawn = rng.random() < errors.degraded_probability
    return drawn and sigma >= errors.degraded_above


def restoring(
    clean: Tensor, spoilt: Tensor, noise: Tensor, level: int, schedule: TrainingSchedule
) -> tuple[Tensor, Tensor]:
    """What the model sees of the copy ``spoilt`` at noise ``level`` (an index), and the velocity that it is asked for.

    All are [C, T, h, w]. x~ = (1 - sigma) spoilt + sigma noise, and v = (noise - clean) + alpha (x~ - x): the velocity
    of the clean clip, and some of the way back to it. alpha = 1 / sigma would lead from x~ to the clean clip exactly,
    a very large step where little noise is left; alpha is instead a bell around the middle timestep, at most 1.
    """
    sigma = schedule.sigmas[level].item()
    seen = (1 - sigma) * spoilt + sigma * noise
    moved = (1 - sigma) * (spoilt - clean)  # x~ - x: the noise is the same in both
    return seen, noise - clean + schedule.middle[level].item() * moved
