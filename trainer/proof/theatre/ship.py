"""Puts the ERFT LoRAs that help svi-theatre into its folder, where films of their family find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svi_studio.domain.training.confidence import estimate
from trainer.proof.arms import BASE, ERFT
from trainer.proof.films import Filmed
from trainer.proof.following import FollowedFilms
from trainer.proof.following_results import LAST_STRETCH, means
from trainer.proof.ship import put_into
from trainer.proof.tables import gains
from trainer.proof.theatre.arms import FAMILIES
from trainer.proof.theatre.results import CHAINED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def ship(films: Mapping[tuple[str, str], Path], loras: Mapping[str, Path], model: Path) -> tuple[str, ...]:
    """Copies the LoRAs that help into ``model``, and gives their families.

    ``films`` by family and arm, ``loras`` by family.
    """
    found = {family: lora for family, lora in loras.items() if family in FAMILIES and lora.exists()}
    return put_into(model, {f: lora for f, lora in found.items() if helps(f, films[f, BASE], films[f, ERFT])})


def helps(family: str, base: Path, erft: Path) -> bool:
    """Whether ERFT's films end nearer to the truth than the model's alone, the whole 95 % interval.

    Film and Pro are judged by their last clip as everywhere in the proofs, Talk and Dance by their last ten clips,
    whose tables have no single ones.
    """
    if family in CHAINED:
        ours, theirs = Filmed(erft), Filmed(base)
        gain = estimate(gains(ours, theirs, -1)) if 0 < ours.done == theirs.done else None
    else:
        follows, alone = FollowedFilms(erft), FollowedFilms(base)
        if min(follows.done, alone.done) < LAST_STRETCH[1]:
            return False
        likeness = [means(each.arrays["psnr"].astype(float), LAST_STRETCH) for each in (follows, alone)]
        gain = estimate((likeness[0] - likeness[1]).tolist())
    return gain is not None and gain.low > 0
