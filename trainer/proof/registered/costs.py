"""What the work costs, in hours of one core: measured once, so that a session can be given what it can finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainer.proof.registered.settings import Training

SECONDS_A_CLIP: Final = 0.3
"""To film one clip of one storyboard, and to measure it."""

SECONDS_A_STILL: Final = 0.03
"""To take one clip through the autoencoder alone, or to copy it, and to measure it."""

SECONDS_A_SAMPLE: Final = 0.06
"""To train on one clip once."""


def filming_hours(boards: int, clips: int) -> float:
    """Of films with a model."""
    return boards * clips * SECONDS_A_CLIP / 3600


def still_hours(boards: int, clips: int) -> float:
    """Of films without one."""
    return boards * clips * SECONDS_A_STILL / 3600


def training_hours(training: Training) -> float:
    """Of one training; what is encoded once for all trainings of a look is little beside it."""
    return training.recipe.steps * training.recipe.batch_size * SECONDS_A_SAMPLE / 3600
