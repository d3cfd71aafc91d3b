"""The picture of an error bank: what its errors do to a clean clip, by the noise level at which they were made."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from svi_studio.engine.denoising.sampling import flow_sigmas
from svi_studio.engine.latents.vae import decode_frames, encode_video
from svi_studio.engine.loading.model_folder import load_models
from trainer.erft.error_bank import SharedBank
from trainer.mini.clips import to_video
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render
from trainer.proof.sheets import block, stacked

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from trainer.paper_theatre.scenes import Pixels
    from trainer.paper_theatre.script import Script
    from trainer.proof.registered.settings import Training

COLUMNS: Final = 7
SHIFT: Final = 5.0  # of the timesteps that the bank's grids stand for
_LOUDER: Final = 4  # times, so that a difference can be seen


def read_bank(run: Path, training: Training) -> SharedBank | None:
    """The bank in the newest checkpoint of a training's folder; None where there is none yet."""
    found = sorted(run.glob("checkpoints/*/*/bank"))
    if not found:
        return None
    errors = training.recipe.errors
    bank = SharedBank(errors.grids, errors.capacity, errors.replacement)
    bank.load(found[-1])
    return bank


@torch.no_grad()
def bank_picture(bank: SharedBank, model: Path, script: Script, look: str) -> Image.Image:
    """The last frame of a clean clip, then with one error of each of some noise levels, and what that has changed."""
    models = load_models(model, device=torch.device("cpu"))
    clean = encode_video(models.vae, to_video(LOOKS[look](render(script)))[None])
    rng, grids = random.Random(0), [number for number, count in enumerate(bank.fill()) if count]
    chosen = [grids[round(share * (len(grids) - 1))] for share in np.linspace(0, 1, min(COLUMNS, len(grids)))]
    errors = [bank.latent_error(grid, rng) for grid in chosen]
    spoilt = [clean + error for error in errors if error is not None]

    def last(latents: torch.Tensor) -> Pixels:
        return np.asarray(decode_frames(models.vae, latents))[-1]

    frames = [last(latents) for latents in (clean, *spoilt)]
    rows = {"with an error": frames, "what it changes": [_louder(frame, frames[0]) for frame in frames]}
    levels = ", ".join(f"{flow_sigmas(len(bank.fill()), SHIFT)[grid]:.2f}" for grid in chosen)
    title = f"clean, then errors made at noise {levels}; what they change, {_LOUDER} times as strong"
    return stacked([block(title, rows)])


def _louder(frame: Pixels, clean: Pixels) -> Pixels:
    change = frame.astype(np.int16) - clean.astype(np.int16)
    return (128 + _LOUDER * change).clip(0, 255).astype(np.uint8)
