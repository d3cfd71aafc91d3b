"""Finds clips that show the same again: a perceptual hash names the candidates, their thumbnails decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from trainer.footage.clips.analysis import THUMB, Analysis
from trainer.footage.clips.scenes import Span

_LOOKS = 8  # frames of a clip that are compared
_MOST_BITS = 0.12  # of the hash's bits may differ for a candidate
_LEVELS = 1.5  # of 255: what saving a video again changes
_OF_MOTION = 0.25  # or so much of what the clip's own motion changes
_OF_SLIGHT_MOTION = 0.6  # two clips of one calm scene differ by more than their motion, as neither knows of the other
_STEP_LEVELS = 2  # smaller steps between neighbours are noise


@dataclass(frozen=True)
class PerceptualHash:
    """What is compared of a clip: ``cells`` float32 ``[8, 18, 32]`` and its ``bits``, uint8 ``[558]``."""

    cells: NDArray[np.float32]
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, analysis: Analysis, span: Span) -> Self:
        """How the clip ``span`` looks at eight moments."""
        moments = span.start + (np.arange(_LOOKS) + 0.5) * span.seconds / _LOOKS
        cells = analysis.thumbs[analysis.on_screen(moments)].astype(np.float32)
        steps = np.diff(cells, axis=2) > _STEP_LEVELS  # dHash: where it gets brighter from left to right
        return cls(cells, np.packbits(steps.reshape(-1)))

    def shows_the_same(self, other: Self) -> bool:
        """Whether both clips differ by no more than saving again does, or by far less than they change themselves."""
        difference = float(np.abs(self._even - other._even).mean())
        motion = min(float(np.abs(each.cells - each.cells.mean(axis=0)).mean()) for each in (self, other))
        return difference <= max(_OF_MOTION * motion, min(_LEVELS, _OF_SLIGHT_MOTION * motion))

    @property
    def _even(self) -> NDArray[np.float32]:
        """The cells without their overall brightness."""
        return self.cells - self.cells.mean()


class Known:
    """The clips seen so far."""

    def __init__(self) -> None:
        self._bits = np.empty((0, (_LOOKS * THUMB[0] * (THUMB[1] - 1) + 7) // 8), np.uint8)
        self._looks: list[tuple[str, PerceptualHash]] = []

    def find(self, look: PerceptualHash) -> str | None:
        """The name of a clip that shows the same, the one most alike first; None when there is none."""
        if not self._looks:
            return None
        distances = np.bitwise_count(self._bits[: len(self._looks)] ^ look.bits).sum(axis=1, dtype=np.int64)
        near = np.flatnonzero(distances <= _MOST_BITS * look.bits.size * 8)
        for index in near[np.argsort(distances[near])]:
            name, known = self._looks[index]
            if look.shows_the_same(known):
                return name
        return None

    def add(self, name: str, look: PerceptualHash) -> None:
        """Remembers a clip."""
        if len(self._looks) == len(self._bits):
            self._bits = np.concatenate([self._bits, np.empty((max(256, len(self._bits)), look.bits.size), np.uint8)])
        self._bits[len(self._looks)] = look.bits
        self._looks.append((name, look))
