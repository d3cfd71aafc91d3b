"""Lessons of svi-theatre made of noise, for tests."""

import random
from typing import Any

import torch
from torch import Tensor

from trainer.mini.configuration import VISION_WIDTH
from trainer.paper_theatre.script import Script, Still, random_script
from trainer.svi_theatre.configuration import (
    DRAWING_HEIGHT,
    DRAWING_WIDTH,
    LATENT_CHANNELS,
    LATENT_FRAMES,
    LATENT_HEIGHT,
    LATENT_WIDTH,
    PICTURE_TOKENS,
)
from trainer.svi_theatre.lessons import Lesson

CELLS = (LATENT_FRAMES, LATENT_HEIGHT, LATENT_WIDTH)


def lesson(kind: Any, seed: int = 0, **extra: Tensor) -> Lesson:
    make = torch.Generator().manual_seed(seed)
    script = (
        random_script(random.Random(seed)) if kind == "action" else Script(Still("beach", "puppet", "red", 24), kind)
    )

    def some(*shape: int) -> Tensor:
        return torch.randn(shape, generator=make).half()

    pictures = some(2, PICTURE_TOKENS, VISION_WIDTH)
    weight = torch.ones(CELLS).half()
    anchor = some(LATENT_CHANNELS, *CELLS[1:])
    return Lesson(kind, script, some(LATENT_CHANNELS, *CELLS), anchor, pictures[0], pictures[1], weight, **extra)


def talk(seed: int = 0) -> Lesson:
    return lesson("talk", seed, sound=torch.randn(45, 2, 32, generator=torch.Generator().manual_seed(seed)).half())


def dance(seed: int = 0) -> Lesson:
    make = torch.Generator().manual_seed(seed)
    drawings = torch.randint(0, 256, (3, 41, DRAWING_HEIGHT, DRAWING_WIDTH), dtype=torch.uint8, generator=make)
    return lesson("dance", seed, skeleton=drawings)
