"""What an encoder puts behind a sound to fill its last frame, left out where the file says how long the sound is."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from svi_studio.media.sounds.stereo import Samples

MOST: Final = 12_000
"""Samples at 48 kHz that may be padding: a frame of AAC at 8 kHz, twice as long as the longest usual one."""


def without_padding(sounds: Iterator[Samples], length: int) -> Iterator[Samples]:
    """The sound up to sample ``length``; what follows is padding unless there is more of it than can be."""
    at, held, is_padding = 0, np.zeros((0, 2), np.float32), True
    for sound in sounds:
        kept = max(min(length - at, len(sound)), 0) if is_padding else len(sound)
        at += len(sound)
        if kept:
            yield sound[:kept]
        held = np.concatenate([held, sound[kept:]]) if kept < len(sound) else held
        if is_padding and len(held) > MOST:
            is_padding = False
            yield held
