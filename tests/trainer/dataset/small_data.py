"""Clips of coloured noise, a recipe of their size, and datasets of both."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from svi_studio.domain.training.recipe import DataRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.media.frames import Frames
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.prepare import Dataset

NUM_FRAMES, WIDTH, HEIGHT = 9, 32, 16
CPU = torch.device("cpu")


def recipe(variants: int = 2, **fields: Any) -> TrainingRecipe:
    """A recipe in float32 for small clips."""
    base: dict[str, Any] = {
        "name": "small",
        "num_frames": NUM_FRAMES,
        "width": WIDTH,
        "height": HEIGHT,
        "fps": 8.0,
        "steps": 4,
        "memory": MemoryRecipe(base_precision="float32"),
        "data": DataRecipe(variants=variants),
    }
    return TrainingRecipe(**(base | fields))


def clip(number: int, caption: str | None = None) -> ClipSource:
    """A clip of its own noise; the place of its crop shows as a shift of all levels."""

    def frames(rng: random.Random) -> Frames:
        noise = np.random.default_rng(number).integers(0, 200, (NUM_FRAMES, HEIGHT, WIDTH, 3))
        return (noise + rng.randint(0, 55)).astype(np.uint8)

    return ClipSource(f"clip {number}", f"content {number}", NUM_FRAMES, caption or f"Scene {number}.", frames)


def dataset(model: Path, count: int = 3, **fields: Any) -> Dataset:
    """`count` clips under a small recipe with other `fields`."""
    return Dataset([clip(number) for number in range(count)], recipe(**fields), model, CPU)


def silent(_event: object) -> None:
    """Tells nobody."""
