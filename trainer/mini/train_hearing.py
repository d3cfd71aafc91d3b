"""Trains the small wav2vec2 by which svi-mini hears: what its layers say must tell how wide a mouth is, frame by frame."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate
from transformers import Wav2Vec2Config, Wav2Vec2Model

from svi_studio.engine.conditions.sound_features import frames_of, standardised
from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.configuration import HEARING
from trainer.mini.sounds import Sounds
from trainer.paper_theatre.stage import FPS
from trainer.paper_theatre.voice import Sound, openings

AROUND = (-1, 0, 1)  # frames beside its own whose mouth a frame has to tell


@dataclass(frozen=True)
class HearingRecipe:
    """Everything that the result depends on, besides the machine's speed."""

    minutes: float = 8.0
    batch: int = 6
    learning_rate: float = 2e-3
    seconds: tuple[float, ...] = (3.0, 6.0, 12.0)  # few lengths: each new one costs time to plan its convolutions
    held_out: int = 24
    seed: int = 4


class Hearing(nn.Module):
    """The wav2vec2 and, for the training only, what reads the mouth from each of its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder: Any = Wav2Vec2Model(Wav2Vec2Config(**HEARING))
        layers, width = self.encoder.config.num_hidden_layers, self.encoder.config.hidden_size
        self.readers = nn.ModuleList(nn.Linear(width, len(AROUND)) for _ in range(layers))

    def forward(self, sounds: list[Sound]) -> Tensor:
        """Mouths ``[layers, B, frames, len(AROUND)]`` of sounds of one length."""
        features = self.features(sounds)
        return torch.stack([read(features[:, :, layer]) for layer, read in enumerate(self.readers)])

    def features(self, sounds: list[Sound]) -> Tensor:
        """What the engine's `sound_features` hears in each, but with gradients: ``[B, frames, layers, width]``."""
        values = torch.stack([standardised(torch.from_numpy(sound)) for sound in sounds])
        frames = frames_of(values.shape[1], FPS)

        def stretched(_: object, __: object, heard: Tensor) -> Tensor:
            return interpolate(heard, size=frames, mode="linear", align_corners=True)

        hook = self.encoder.feature_extractor.register_forward_hook(stretched)
        try:
            states = self.encoder(values, output_hidden_states=True).hidden_states[1:]
        finally:
            hook.remove()
        return torch.stack(states, dim=2)


def train_hearing(folder: Path, recipe: HearingRecipe, voices: Path | None = None) -> Hearing:
    """Trains for the recipe's minutes, going on from ``folder/hearing.safetensors``."""
    torch.manual_seed(recipe.seed)
    hearing = Hearing()
    hearing.encoder.train()
    optimizer = torch.optim.AdamW(hearing.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98))
    checkpoint = folder / "hearing.safetensors"
    progress = load_checkpoint(checkpoint, {"hearing": hearing}, [optimizer])
    sounds = Sounds(random.Random(recipe.seed + progress.step), voices)
    unheard = Sounds(random.Random(-1), voices)
    tests = [unheard.draw(6.0) for _ in range(recipe.held_out)]
    budget, log = Budget(progress, recipe.minutes), Log(folder / "hearing.jsonl")
    while not budget.over:
        for group in optimizer.param_groups:
            group["lr"] = budget.learning_rate(recipe.learning_rate)
        seconds = recipe.seconds[progress.step % len(recipe.seconds)]
        loss = mouth_loss(hearing, [sounds.draw(seconds) for _ in range(recipe.batch)])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(hearing.parameters(), 1.0)
        optimizer.step()
        budget.tick()
        if progress.step % 50 == 0:
            log.write(
                step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), follows=follows(hearing, tests)
            )
        if budget.time_to_save():
            save_checkpoint(checkpoint, {"hearing": hearing}, [optimizer], progress)
    save_checkpoint(checkpoint, {"hearing": hearing}, [optimizer], progress)
    return hearing


def mouth_loss(hearing: Hearing, sounds: list[Sound]) -> Tensor:
    """Squared error of the mouths that every layer tells."""
    told = hearing(sounds)
    return (told - torch.stack([_truth(sound, told.shape[2]) for sound in sounds])).square().mean()


def _truth(sound: Sound, frames: int) -> Tensor:
    wide = openings(sound, frames)
    places = np.clip(np.arange(frames)[:, None] + np.array(AROUND), 0, frames - 1)
    return torch.from_numpy(wide[places]).float()


@torch.no_grad()
def follows(hearing: Hearing, sounds: list[Sound]) -> float:
    """Mean correlation of the last layer's mouths with the true ones, over sounds in which the mouth moves."""
    found = []
    for sound in sounds:
        told = hearing([sound])[-1, 0, :, AROUND.index(0)].numpy()
        truth = openings(sound, len(told))
        if truth.std() > 0.2:
            found.append(float(np.corrcoef(told, truth)[0, 1]))
    return float(np.mean(found))
