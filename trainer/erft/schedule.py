"""The noise levels that training draws from, their weights, and the inference grid that errors are kept by.

sigma and the paper's t: the paper walks from noise (t = 0) to video (t = 1) with V = X_vid - X_noi. This program, as
the authors' code and Wan do, counts the other way: sigma = 1 - t is the share of noise, and the velocity is v = -V =
noise - data. A *timestep* is 1000 * sigma, not rounded.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.noise_range import NoiseRange
from svi_studio.engine.denoising.sampling import flow_sigmas

TRAINING_STEPS = 1000
_TIE = 1e-6  # what float32 leaves of a noise level that a person wrote
MAX_TIMESTEP = 999.0  # the authors clamp before they look for the nearest grid


@dataclass(frozen=True)
class TrainingSchedule:
    """1000 noise levels, from nearly pure noise downwards: ``sigmas``, ``timesteps`` and loss ``weights``, [1000] each.

    The weight is a bell around timestep 500, less its smallest value, with a mean of 1 (the authors' flow_match.py).
    ``middle [1000]`` is the same bell from 0 to 1 (EverAnimate's schedule of its correction, ``gaussian_timestep``).
    """

    sigmas: Tensor
    timesteps: Tensor
    weights: Tensor
    middle: Tensor

    @classmethod
    def create(cls, shift: float = 5.0) -> "TrainingSchedule":
        """The schedule with the given ``shift``; Wan and the authors use 5."""
        sigmas = flow_sigmas(TRAINING_STEPS, shift)[:-1]
        timesteps = sigmas * TRAINING_STEPS
        bell = torch.exp(-2 * ((timesteps - TRAINING_STEPS / 2) / TRAINING_STEPS) ** 2)
        above = bell - bell.min()
        return cls(sigmas, timesteps, above * (TRAINING_STEPS / above.sum()), above / above.max())

    def levels(self, noise: NoiseRange) -> range:
        """The levels, as indices, whose sigma lies within ``noise``: neighbours, as sigma falls from level to level.

        Training one of two experts draws from its own levels, with the weights that they have among all (DiffSynth's
        timestep boundaries do the same; it counts them in levels and not in sigma).
        """
        inside = ((self.sigmas >= noise.lowest - _TIE) & (self.sigmas <= noise.highest + _TIE)).nonzero()
        if not len(inside):
            raise BadInput(
                f"No noise level of the training lies between {noise.lowest} and {noise.highest}: "
                "choose a wider range in the recipe."
            )
        return range(int(inside[0]), int(inside[-1]) + 1)


class TimestepGrids:
    """The N_test timesteps of inference, the pointers into the error bank (paper section 4.3)."""

    def __init__(self, count: int = 50, shift: float = 5.0) -> None:
        self._timesteps = flow_sigmas(count, shift)[:-1] * TRAINING_STEPS

    def __len__(self) -> int:
        return len(self._timesteps)

    def nearest(self, timestep: float) -> int:
        """The grid whose inference timestep is nearest to a training ``timestep`` (0 to 1000)."""
        return int((self._timesteps - min(max(timestep, 0.0), MAX_TIMESTEP)).abs().argmin())
