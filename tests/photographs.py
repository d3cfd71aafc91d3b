"""Pictures as a camera takes them, as far as a small model is concerned: light that changes, soft edges, grain."""

import random
from pathlib import Path

import numpy as np
from PIL import Image


def photograph(seed: int, size: tuple[int, int] = (320, 192)) -> Image.Image:
    """A sky that fades, some soft things before it, and grain; another one for each ``seed``."""
    width, height = size
    draw = random.Random(seed)
    down = np.linspace(0, 1, height)[:, None, None]
    top, bottom = (np.array([draw.randrange(256) for _ in range(3)]) for _ in range(2))
    light = top * (1 - down) + bottom * down + np.zeros((height, width, 1))
    rows, columns = np.mgrid[:height, :width]
    for _ in range(draw.randrange(1, 7)):
        x, y, radius = draw.uniform(0, width), draw.uniform(0, height), draw.uniform(0.05, 0.3) * width
        cover = np.exp(-((((columns - x) ** 2 + (rows - y) ** 2) / radius**2) ** 2))[..., None]
        light = light * (1 - cover) + np.array([draw.randrange(256) for _ in range(3)]) * cover
    grain = np.random.default_rng(seed).normal(0, draw.uniform(2, 18), light.shape)
    return Image.fromarray((light + grain).clip(0, 255).astype(np.uint8))


def photograph_file(path: Path, seed: int = 1) -> Path:
    """Such a picture as a file."""
    photograph(seed).save(path)
    return path
