"""How each family's clips are made into training examples: the authors' training programs as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FamilyProfile, family


@dataclass(frozen=True)
class FamilyTraining:
    """What the training does and the rendering does not. Sources: `train_svi.py`, `..._talk.py`, `..._dance.py`.

    Nobody has published how Pro was trained: that follows from how it films, from what its authors said (the anchor
    lies outside of the clip, one LoRA for each expert), and from their EverAnimate, which trains the same hand-off.

    `tiled`: the video's latents come from the VAE tile by tile, of pixels rounded to bfloat16; the condition's never.
    `null_probability`: that condition and picture tokens are zeroed together. `deaf_probability`: that the windows of
    the sound are, and `unled_probabilities`: that the skeleton's tokens are, each drawn by itself.
    """

    tiled: bool = False
    null_probability: float = 0.0
    deaf_probability: float = 0.0
    unled_probabilities: tuple[float, ...] = ()


FAMILY_TRAININGS: Mapping[str, FamilyTraining] = MappingProxyType(
    {
        "shot": FamilyTraining(),
        "film": FamilyTraining(),
        "talk": FamilyTraining(tiled=True, deaf_probability=0.1),
        "pro": FamilyTraining(),
        "dance": FamilyTraining(tiled=True, null_probability=0.1, unled_probabilities=(0.05, 0.1)),
    }
)
"""By the family's name. What each wants of its videos stands in `domain/training/family_footage.py`."""


def family_training(name: str) -> tuple[FamilyProfile, FamilyTraining]:
    """The family called `name`, and how it is trained. Raises BadInput for one that cannot be trained."""
    profile = family(name)
    if name not in FAMILY_TRAININGS:
        raise BadInput(
            f"The family '{name[:60]}' cannot be trained here, because nobody has published how: choose one of "
            f"{', '.join(FAMILY_TRAININGS)}."
        )
    return profile, FAMILY_TRAININGS[name]
