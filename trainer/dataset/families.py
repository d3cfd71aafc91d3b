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

    `stretched`: the whole picture is squashed to the size, without a crop. `tiled`: the video's latents come from the
    VAE tile by tile, of pixels rounded to bfloat16; the condition's never. `null_probability`: that condition and
    picture tokens are zeroed together.
    """

    stretched: bool = False
    tiled: bool = False
    null_probability: float = 0.0


FAMILY_TRAININGS: Mapping[str, FamilyTraining] = MappingProxyType(
    {
        "shot": FamilyTraining(),
        "film": FamilyTraining(),
        "talk": FamilyTraining(tiled=True),  # without sound: the layers that listen are left as they are
        "dance": FamilyTraining(stretched=True, tiled=True, null_probability=0.1),  # without poses, in the same way
    }
)
"""By the family's name."""


def family_training(name: str) -> tuple[FamilyProfile, FamilyTraining]:
    """The family called `name`, and how it is trained. Raises BadInput for one that cannot be trained."""
    profile = family(name)
    if name not in FAMILY_TRAININGS or profile.hand_off != "frames":
        raise BadInput(
            f"The family '{name[:60]}' cannot be trained here, because nobody has published how: choose one of "
            f"{', '.join(FAMILY_TRAININGS)}."
        )
    return profile, FAMILY_TRAININGS[name]
