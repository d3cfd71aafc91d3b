"""Random clips of the paper theatre as training data; a share of all combinations is held out for the evaluation."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainer.paper_theatre.render import render, subject_mask
from trainer.paper_theatre.scenes import Pixels
from trainer.paper_theatre.script import Script, random_script


def is_held_out(script: Script) -> bool:
    """One in twelve combinations of subject, colour, scene, action and place is never trained on."""
    start = script.start
    key = f"{start.subject}|{start.colour}|{start.scene}|{script.action}|{start.x}|{script.new_scene}"
    return hashlib.sha256(key.encode()).digest()[0] % 12 == 0


def training_script(rng: random.Random) -> Script:
    """A random script that is not held out."""
    while True:
        script = random_script(rng)
        if not is_held_out(script):
            return script


def held_out_script(rng: random.Random, action: str | None = None) -> Script:
    """A random script that was never trained on."""
    while True:
        script = random_script(rng, action)
        if is_held_out(script):
            return script


def to_video(frames: Pixels) -> Tensor:
    """uint8 [T, H, W, 3] to float [3, T, H, W] in -1..1."""
    return torch.from_numpy(np.ascontiguousarray(frames.transpose(3, 0, 1, 2))).float() / 127.5 - 1


Drawn = tuple[Pixels, npt.NDArray[np.bool_]]
"""Frames [T, H, W, 3], and where the subject is, [T, H, W]."""


def drawn_script(rng: random.Random) -> Drawn:
    """A random clip that is not held out."""
    script = training_script(rng)
    return render(script), subject_mask(script)


@dataclass
class PixelPool:
    """Drawn clips kept in memory and renewed a few at a time, since drawing costs more than a copy."""

    rng: random.Random
    size: int
    draw: Callable[[random.Random], Drawn] = drawn_script

    def __post_init__(self) -> None:
        self._clips = [self.draw(self.rng) for _ in range(self.size)]

    def renew(self, count: int) -> None:
        """Replaces ``count`` random clips by new ones."""
        for _ in range(count):
            self._clips[self.rng.randrange(self.size)] = self.draw(self.rng)

    def clips(self, batch: int) -> tuple[Tensor, Tensor]:
        """Videos [batch, 3, T, H, W] in -1..1, and masks [batch, 1, T, H, W] of where the subject is."""
        chosen = [self._clips[self.rng.randrange(self.size)] for _ in range(batch)]
        videos = torch.stack([to_video(frames) for frames, _ in chosen])
        return videos, torch.stack([torch.from_numpy(mask).float()[None] for _, mask in chosen])
