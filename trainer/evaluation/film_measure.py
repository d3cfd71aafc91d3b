"""Measures one film clip by clip as it is made: the figures of each clip, its seam, and what is new in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trainer.evaluation.figures import clip_figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svi_studio.media.frames import Frames

Sketch = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
"""A clip in small, `[N, h, w]` grey: too coarse for a decoder's noise, fine enough for what moves."""

_CELLS = 24  # cells of a sketch along the longer side of the picture


class FilmMeasure:
    """Remembers what the next clip's figures need of the clips before: their last frames, and a sketch of each."""

    def __init__(
        self, reference: Frames, motion_frames: int, *, tail: Frames | None = None, sketches: Iterable[Sketch] = ()
    ) -> None:
        """`reference [H, W, 3]` or `[1, H, W, 3]`; `motion_frames`: last frames of a clip that the next one repeats.

        `tail` and `sketches` are those of a film that was measured before, to go on from there.
        """
        self._reference = reference
        self._motion_frames = motion_frames
        self.tail = tail
        self.sketches = list(sketches)

    def add(self, frames: Frames, truth: Frames | None = None) -> dict[str, float]:
        """The figures of the next clip, see `clip_figures`, and from the second clip on its `novelty`.

        `novelty`: mean change, in levels, to the earlier clip that is most like this one, played either way. A film
        that copies its first clip has none, whatever its clips do; nor has an honest one whose action repeats itself
        exactly, as in a drawn world, so there the truth's own novelty is what to compare with.
        """
        figures = clip_figures(frames, self._reference, self.tail, truth)
        own = sketch(frames)
        if self.sketches:
            figures["novelty"] = round(min(_distance(own, other) for other in self.sketches), 5)
        self.sketches.append(own)
        self.tail = frames[-self._motion_frames :].copy()
        return figures


def sketch(frames: Frames) -> Sketch:
    """A clip `frames [N, H, W, 3]` in small: means of square cells of the green channel, most of what the eye sees."""
    height, width = frames.shape[1:3]
    side = max(1, max(height, width) // _CELLS)
    whole = frames[:, : height - height % side, : width - width % side, 1]
    cells = whole.reshape(len(frames), height // side, side, width // side, side)
    return cells.mean(axis=(2, 4), dtype=np.float32).round().astype(np.uint8)


def _distance(one: Sketch, other: Sketch) -> float:
    count = min(len(one), len(other))
    ahead = one[:count].astype(np.int16)
    return float(min(np.abs(ahead - way[:count]).mean() for way in (other, other[::-1])))
