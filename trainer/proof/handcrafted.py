"""First frames spoilt by hand with colour shifts, blur and sharpening: what the paper compares errors with, table 6."""

import random

import numpy as np
from PIL import Image, ImageFilter

from trainer.paper_theatre.scenes import Pixels

COLOUR_GAIN, COLOUR_SHIFT = 0.15, 20  # share, levels: a little more than the base model drifts in ten clips


def spoilt(frame: Pixels, rng: random.Random) -> Pixels:
    """A frame uint8 [H, W, 3] with its colours shifted, and blurred or sharpened."""
    gains = np.array([rng.uniform(1 - COLOUR_GAIN, 1 + COLOUR_GAIN) for _ in range(3)])
    shifts = np.array([rng.uniform(-COLOUR_SHIFT, COLOUR_SHIFT) for _ in range(3)])
    coloured = (frame * gains + shifts).round().clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(coloured)
    if rng.random() < 0.5:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    else:
        picture = picture.filter(ImageFilter.UnsharpMask(2, rng.randrange(50, 250), 0))
    return np.asarray(picture)
