"""Figures of one clip of a long film, from its pixels: what drift changes, and motion, which must not go with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from trainer.evaluation.similarity import Grey, structural_similarity

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

NAMES = ("similarity", "motion", "moving", "colour", "sharpness", "contrast", "seam", "psnr", "ssim")
"""Every figure, in the order of the reports: motion stands beside similarity, always."""

MOVES = 8  # levels: a change that an eye sees; the noise of a decoder stays below
_FRAMES_AT_ONCE = 27  # a clip of 81 frames of 832 x 480 is turned into numbers in three parts
_PSNR_OF_EQUALS = 99.0  # decibel; JSON knows no infinity


class _Levels(NamedTuple):
    """What the figures need of frames: taken once, since turning bytes into numbers costs most."""

    grey: Grey  # [N, H, W], levels
    colour: Grey  # [N, 3], mean of each channel, levels


def clip_figures(
    frames: Frames, reference: Frames, before: Frames | None = None, truth: Frames | None = None
) -> dict[str, float]:
    """Means over a clip's `frames [N, H, W, 3]` (N, H, W at least 2, 8, 8; levels from 0 to 255).

    The standard is `truth [N, H, W, 3]` where it is known, else the picture `reference [H, W, 3]` or `[1, H, W, 3]`.
    - `similarity`: SSIM to the reference, at most 1. It rewards a still film: read it beside `motion` (paper, table 5).
    - `motion`: change of grey from frame to frame, in levels. `moving`: share of pixels that change by more than 8.
    - `colour`: distance of the channels' means to the standard's, in levels; 0 is best.
    - `sharpness`: step between neighbouring pixels (as in a take's continuity figures), divided by the standard's.
    - `contrast`: spread (standard deviation) of the grey levels, divided by the standard's.
    - `seam`, with `before [H, W, 3]` or `[m, H, W, 3]`, the frames that this clip goes on from: change from the last of
      them to the frame of this clip that shows the same moment, in levels.
    - `psnr` (decibel, at most 99) and `ssim`, with `truth`: frame by frame against it.
    """
    look, picture = _look(frames), _look(reference if reference.ndim == 4 else reference[None])
    standard = picture if truth is None else _look(truth)
    figures = {"similarity": structural_similarity(look.grey, picture.grey)} | _motion(look.grey)
    figures["colour"] = float(np.abs(look.colour - standard.colour).mean())
    figures["sharpness"] = _step(look.grey) / max(_step(standard.grey), 1e-6)
    figures["contrast"] = _spread(look.grey) / max(_spread(standard.grey), 1e-6)
    if before is not None:
        figures["seam"] = seam_jump(frames, before)
    if truth is not None:
        figures |= {"psnr": peak_ratio(frames, truth), "ssim": structural_similarity(look.grey, standard.grey)}
    return {name: round(figures[name], 5) for name in NAMES if name in figures}


def seam_jump(frames: Frames, before: Frames) -> float:
    """Mean change, in levels, from the last of `before` to the frame of `frames` that shows the same moment."""
    tail = before if before.ndim == 4 else before[None]
    return float(_change(tail[-1], frames[len(tail) - 1]).mean())


def peak_ratio(frames: Frames, truth: Frames) -> float:
    """Peak signal-to-noise ratio of `frames` against `truth` (same shape), in decibel: over the clip's mean error."""
    squares = 0.0
    for one, other in zip(frames, truth, strict=True):
        change = _change(one, other).ravel().astype(np.float32)
        squares += float(change @ change)
    return min(10 * math.log10(255**2 * frames.size / max(squares, 1e-9)), _PSNR_OF_EQUALS)


def _look(frames: Frames) -> _Levels:
    grey = np.empty(frames.shape[:3], np.float32)
    colour = np.empty((len(frames), 3), np.float32)
    for start in range(0, len(frames), _FRAMES_AT_ONCE):
        part = frames[start : start + _FRAMES_AT_ONCE]
        planes = np.moveaxis(part, -1, 0).astype(np.float32, order="C")  # [3, n, H, W]
        colour[start : start + len(part)] = planes.reshape(3, len(part), -1).mean(axis=2).T
        total = np.add(planes[0], planes[1], out=planes[0])
        total += planes[2]
        np.multiply(total, np.float32(1 / 3), out=grey[start : start + len(part)])
    return _Levels(grey, colour)


def _motion(grey: Grey) -> dict[str, float]:
    change = grey[1:] - grey[:-1]
    np.abs(change, out=change)
    return {"motion": float(change.mean()), "moving": float(np.count_nonzero(change > MOVES)) / change.size}


def _step(grey: Grey) -> float:
    """Mean step to the neighbour below plus that to the right, in levels."""
    down, right = grey[:, 1:] - grey[:, :-1], grey[:, :, 1:] - grey[:, :, :-1]
    return float(np.abs(down, out=down).mean() + np.abs(right, out=right).mean())


def _spread(grey: Grey) -> float:
    return float(grey.reshape(len(grey), -1).std(axis=1).mean())


def _change(one: Frames, other: Frames) -> Frames:
    """Absolute difference, in levels, without a wider copy of either."""
    return np.maximum(one, other) - np.minimum(one, other)
