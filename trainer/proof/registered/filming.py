"""What is filmed in a section: every arm with each of its trainings; and beside them films that need none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svi_studio.domain.film.family import family
from svi_studio.domain.training.naive import NAIVE
from svi_studio.domain.value import with_fields
from trainer.proof.registered.autoencoder import AUTOENCODER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svi_studio.domain.film.family import FamilyProfile
    from trainer.proof.registered.sections import Arm, Section
    from trainer.proof.registered.settings import Training

BESIDE = (*NAIVE, AUTOENCODER)
"""Arms that nobody trains, and that no model films after the first clip."""


@dataclass(frozen=True)
class Filming:
    """One arm with one of its trainings (None: the model alone), in one section."""

    section: Section
    arm: Arm
    training: Training | None

    @property
    def name(self) -> str:
        """For files."""
        number = f"-{self.training.number}" if self.training else ""
        return f"{self.section.name}/{self.arm.name}{number}"

    @property
    def profile(self) -> FamilyProfile:
        """How its clips are conditioned."""
        profile = family(self.section.family)
        return profile if self.arm.anchor == "start" else with_fields(profile, {"ref_pad_num": 0})


def filmings(section: Section) -> Iterator[Filming]:
    """Every arm with every one of its trainings."""
    for arm in section.arms:
        for training in arm.trainings or (None,):
            yield Filming(section, arm, training)


def heals(section: Section) -> Iterator[Filming]:
    """Those that are handed damaged frames: all that see the reference picture, where the section asks for it."""
    return (each for each in filmings(section) if section.heals and each.arm.anchor == "start")


def healing_name(filming: Filming, clip: int) -> str:
    """Of the films from the base's last frame of clip ``clip`` on."""
    return f"healing-{filming.section.look}/{filming.name.split('/')[1]}-{clip}"
