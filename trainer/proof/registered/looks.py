"""`python -m trainer.proof.registered.looks`: what the autoencoder alone does to still pictures in every look."""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.resource_files import resource_path
from trainer.evaluation.figures import peak_ratio
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import random_still
from trainer.proof.registered.autoencoder import AutoencoderAlone

if TYPE_CHECKING:
    from trainer.paper_theatre.scenes import Pixels

STILLS: Final = 12
TRIPS: Final = (1, 10, 50)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        prog="python -m trainer.proof.registered.looks",
        description="Likeness of still pictures to themselves after trips through the autoencoder, in every look.",
    )
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    alone = AutoencoderAlone(load_models(options.model, device=torch.device("cpu")))
    print(f"| look | {' | '.join(f'{trips} trips' for trips in TRIPS)} |\n|---|{'---:|' * len(TRIPS)}")
    for look in LOOKS:
        kept = likeness(alone, pictures(look, STILLS), TRIPS)
        print(f"| {look or 'the known one'} | {' | '.join(f'{value:.1f}' for value in kept)} |", flush=True)


def pictures(look: str, count: int) -> Pixels:
    """Still pictures of the theatre in a look, always the same stages: ``[count, H, W, 3]``."""
    rng = random.Random("looks")
    return np.stack([LOOKS[look](render_still(replace(random_still(rng), empty=False))) for _ in range(count)])


def likeness(alone: AutoencoderAlone, stills: Pixels, trips: tuple[int, ...]) -> list[float]:
    """Mean likeness (dB) of ``stills [S, H, W, 3]`` to what is left of them after each of so many trips, ascending."""
    found, frames = [], stills
    for trip in range(1, trips[-1] + 1):
        frames = alone.clip(frames)[:, -1]
        if trip in trips:
            found.append(float(np.mean([peak_ratio(a[None], b[None]) for a, b in zip(frames, stills, strict=True)])))
    return found


if __name__ == "__main__":
    main()
