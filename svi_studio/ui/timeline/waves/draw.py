"""Draws columns of a sound as one picture, all pixels at once, so that a tile takes a fraction of a millisecond."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from svi_studio.document.sound.shapes import Shape
from svi_studio.ui.timeline.waves.colours import WaveColours

CLIPS = 0.999
"""From this level on a sample is as loud as a file can say, or louder: the sound is cut off there."""


def draw_wave(shape: Shape, height: int, channels: int, gain: float, colours: WaveColours) -> QImage:
    """The columns of ``shape``, a pixel each, ``height`` pixels high, as loud as ``gain`` makes them.

    With one of ``channels`` both are drawn as one; with two, one lies above the other.
    """
    rows = [np.s_[0:1], np.s_[1:2]] if channels == 2 else [np.s_[0:2]]
    edges = [round(height * number / len(rows)) for number in range(len(rows) + 1)]
    parts = [
        _channel(_merged(shape, row), stop - start, gain, colours)
        for row, start, stop in zip(rows, edges[:-1], edges[1:], strict=True)
    ]
    pixels = np.ascontiguousarray(np.concatenate(parts))
    count = pixels.shape[1]
    image = QImage(pixels.data, count, height, 4 * count, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def _merged(shape: Shape, rows: slice) -> tuple[NDArray[np.float32], ...]:
    low, high = shape.low[rows].min(axis=0), shape.high[rows].max(axis=0)
    return low, high, np.sqrt(np.mean(shape.mean[rows] ** 2, axis=0))


def _channel(
    parts: tuple[NDArray[np.float32], ...], height: int, gain: float, colours: WaveColours
) -> NDArray[np.uint32]:
    low, high, mean = (part * np.float32(gain) for part in parts)
    level = (1 - 2 * (np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    half = np.float32(1 / height)
    outer = (level <= high + half) & (level >= low - half)
    inner = (np.abs(level) <= mean) & outer
    pixels = np.full((height, len(low)), _argb(colours.body), np.uint32)
    pixels[outer] = _argb(colours.wave)
    pixels[inner] = _argb(colours.core)
    loud = (high > CLIPS) | (low < -CLIPS)
    if loud.any():
        pixels[: max(height // 16, 2), loud] = _argb(colours.clipped)
    return pixels


def _argb(colour: QColor | None) -> int:
    """The colour with its alpha multiplied in."""
    if colour is None:
        return 0
    alpha = colour.alpha()
    red, green, blue = (part * alpha // 255 for part in (colour.red(), colour.green(), colour.blue()))
    return alpha << 24 | red << 16 | green << 8 | blue
