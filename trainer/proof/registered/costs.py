"""What the work costs, in hours of one core: so that a session can be given what it can finish.

Measured in float32, in seconds of one core of a processor with AVX-512 that other work kept busy: likely too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainer.proof.registered.settings import Training

SECONDS_A_CLIP: Final = 0.3
"""To film one clip of one storyboard, and to measure it."""

SECONDS_A_COPY: Final = 0.03
"""To measure a clip that no model has filmed."""

SECONDS_A_TRIP: Final = 0.08
"""To take one clip through the autoencoder, and to measure it."""

SECONDS_A_SAMPLE: Final = 0.022
"""To train on one clip once."""


def filming_hours(boards: int, clips: int, seconds: float = SECONDS_A_CLIP) -> float:
    """Of films whose clips take so many ``seconds`` each."""
    return boards * clips * seconds / 3600


def training_hours(training: Training) -> float:
    """Of one training; what is encoded once for all trainings of a look is little beside it."""
    return training.recipe.steps * training.recipe.batch_size * SECONDS_A_SAMPLE / 3600
