"""Clips of coloured noise, a recipe of their size, and datasets of both."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.recipe import DataRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.media.frames import Frames
from svi_studio.media.poses.drawing import draw_skeleton
from tests.builders.tiny_inputs import dancer, write_tone
from trainer.dataset.clip_source import ClipSource, SkeletonSource, SoundSource
from trainer.dataset.prepare import Dataset
from trainer.footage.videos.crop import CropBox, cut_out

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


def followed_clip(number: int, folder: Path) -> ClipSource:
    """Like ``clip``, with a sound in ``folder`` and a skeleton."""
    sound = folder / f"sound-{number}.wav"
    if not sound.exists():
        write_tone(sound, 3.0 + number)
    dance = dancer(NUM_FRAMES, width=WIDTH * 3, height=HEIGHT * 3)

    def drawn() -> Frames:
        return cut_out(draw_skeleton(dance), CropBox(0, 0, 1100, 550), (WIDTH, HEIGHT))

    return replace(
        clip(number),
        sound=SoundSource(sound, f"sound {number}", 2 * number),
        skeleton=SkeletonSource(f"skeleton {number}", drawn, lambda: dance),
    )


def followed_dataset(model: Path, folder: Path, count: int = 3, **fields: Any) -> Dataset:
    """`count` clips that follow a sound or a skeleton, as their family needs it, under a small recipe."""
    made = recipe(**fields)
    needs = needed_inputs(made.family)
    clips = [
        replace(each, **{kind.value: None for kind in InputKind if kind not in needs})
        for each in (followed_clip(number, folder) for number in range(count))
    ]
    return Dataset(clips, made, model, CPU)
