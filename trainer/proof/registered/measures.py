"""Measures against the truth that the start picture cannot win: where the truth changes, and how it moves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from trainer.evaluation.figures import MOVES

if TYPE_CHECKING:
    from trainer.paper_theatre.scenes import Pixels

CHANGED, FOLLOWED, MOTION = "psnr_changed", "followed", "relative_motion"
MOVING: Final = (CHANGED, FOLLOWED, MOTION)
"""None of them applies where nothing changes, or moves, in the truth."""

CAP: Final = 99.0  # dB, of a film without any error


def moving_figures(frames: Pixels, truth: Pixels, picture: Pixels) -> dict[str, float]:
    """Of one clip, ``frames`` and ``truth [N, H, W, 3]``; ``picture [H, W, 3]`` is the one that its film started from.

    - `psnr_changed` (decibel, at most 99): likeness to the truth in every pixel of every frame in which the truth
      differs by more than 8 levels both from that picture and from the clip's own first frame. By this choice either of
      them, held still, is wrong in all of it.
    - `followed`: how much of the truth's course over time each pixel goes through, as the slope of the one on the
      other (least squares over all pixels): 1 for the truth, 0 for a still picture, whatever it shows, and for noise.
    - `relative_motion`: mean change of grey from frame to frame, over the truth's. Above 1 is shimmer.
    """
    found: dict[str, float] = {}
    changed = _differs(truth, picture) & _differs(truth, truth[0])
    if changed.any():
        found[CHANGED] = _decibel(frames[changed], truth[changed])
    course, own = (clip - clip.mean(axis=0) for clip in (truth.astype(np.float32), frames.astype(np.float32)))
    if (power := float(np.vdot(course, course))) > 0:
        found[FOLLOWED] = float(np.vdot(own, course)) / power
        found[MOTION] = _motion(frames) / _motion(truth)
    return found


def _differs(frames: Pixels, still: Pixels) -> npt.NDArray[np.bool_]:
    """In which pixels of which frames an eye sees it, [N, H, W]."""
    found: npt.NDArray[np.bool_] = np.abs(frames.astype(np.int16) - still).max(axis=-1) > MOVES
    return found


def _motion(frames: Pixels) -> float:
    """Levels of grey, from frame to frame."""
    return float(np.abs(np.diff(frames.mean(axis=-1, dtype=np.float32), axis=0)).mean())


def _decibel(values: Pixels, wanted: Pixels) -> float:
    error = float(np.square(values.astype(np.float32) - wanted).mean())
    return min(10 * math.log10(255**2 / max(error, 1e-9)), CAP)
