"""How far a take has moved: figures of colour, sharpness, motion and the jump at the seam, all from pixels."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.engine.chain.movement import movement

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


def continuity_figures(
    frames: Frames, anchor: Frames, before: Frames | None, known_frames: int | None = None, fps: float = 16.0
) -> Mapping[str, float]:
    """Figures of a take's `frames [N, H, W, 3]` against its chain's `anchor [1, H, W, 3]`; levels from 0 to 255.

    `red`, `green`, `blue`: mean of the last frame less the anchor's. `sharpness`: the last frame's mean step between
    neighbouring pixels, divided by the anchor's. `motion`: mean change from frame to frame. `movement`: see there, at
    `fps` frames a second, of what the take shows that is new. `seam`, when the take goes on from the frames `before
    [m, H, W, 3]`: mean change from the last of them to the frame that shows the same moment, the last of the
    `known_frames` of the family, None = m.
    """
    shift = _mean_colour(frames[-1]) - _mean_colour(anchor[0])
    figures = dict(zip(("red", "green", "blue"), shift.tolist(), strict=True))
    figures["sharpness"] = _mean_step(frames[-1]) / max(_mean_step(anchor[0]), 1e-6)
    figures["motion"] = float(np.mean([_difference(a, b) for a, b in pairwise(frames)]))
    last_known = 0
    if before is not None:
        last_known = (known_frames or len(before)) - 1
        figures["seam"] = _difference(before[-1], frames[last_known])
    figures["movement"] = movement(frames[last_known:], fps)
    return {name: round(value, 4) for name, value in figures.items()}


def _mean_colour(frame: Frames) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return frame.mean(axis=(0, 1), dtype=np.float64)


def _mean_step(frame: Frames) -> float:
    grey = frame.mean(axis=2, dtype=np.float32)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def _difference(one: Frames, other: Frames) -> float:
    """Mean absolute difference of two frames, in levels, without a wider copy of either."""
    return float((np.maximum(one, other) - np.minimum(one, other)).mean())
