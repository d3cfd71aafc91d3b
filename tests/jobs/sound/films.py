"""Sounds for tests: every sample says where in the film it lies."""

import numpy as np

from svi_studio.jobs.sound.run import Samples


class Numbered:
    """A mix whose left sample is its own place in the film, in millionths, and whose right one is ``right``."""

    def __init__(self, right: float = 0.5) -> None:
        self.right = right
        self.asked: list[tuple[int, int]] = []

    def read(self, first: int, count: int) -> Samples:
        self.asked.append((first, count))
        sound = np.full((count, 2), self.right, np.float32)
        sound[:, 0] = np.arange(first, first + count) / 2**24
        return sound


def places(sound: Samples) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Where in the film each sample of a ``Numbered`` mix lies."""
    return np.round(sound[:, 0].astype(np.float64) * 2**24).astype(np.int64)
