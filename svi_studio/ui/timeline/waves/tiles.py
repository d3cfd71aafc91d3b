"""Drawn pieces of waveforms, kept while they are the same, within a bound of memory."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter

from svi_studio.document.sound.shapes import Part, Shapes
from svi_studio.ui.timeline.waves.colours import WaveColours

TILE = 256
"""Device pixels that a tile is wide."""
MOST_BYTES = 24_000_000


@dataclass(frozen=True, slots=True)
class Wave:
    """One file at one zoom: ``per_column`` samples in each device pixel, ``gain`` times as loud as the file is.

    ``fine``: from the samples themselves where they are finer than the peaks; what is small and quiet needs no such.
    """

    file: str
    per_column: float
    gain: float = 1.0
    channels: int = 1
    fine: bool = True


class OnScreen(NamedTuple):
    """The device pixel of the view at which the file's first sample lies, and the ratio of device to logical pixels."""

    origin: int
    ratio: float


class _Key(NamedTuple):
    wave: Wave
    tile: int
    height: int
    colours: tuple[int | None, ...]


class WaveTiles:
    """Paints waveforms from tiles; the ones not seen for longest go first."""

    def __init__(self, shapes: Shapes, most_bytes: int = MOST_BYTES) -> None:
        self._shapes, self._most = shapes, most_bytes
        self._tiles: OrderedDict[_Key, QImage] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        """Forgets all tiles."""
        self._tiles.clear()
        self._bytes = 0

    def paint(self, painter: QPainter, wave: Wave, box: QRect, colours: WaveColours, place: "OnScreen") -> bool:
        """Paints the part of the file under the pixels ``box``; returns whether the file is ready at all.

        The painter is clipped to what is to be painted.
        """
        origin, ratio = place
        left, right = round(box.left() * ratio), round((box.right() + 1) * ratio)
        height = round(box.height() * ratio)
        for tile in range((left - origin) // TILE, (right - origin - 1) // TILE + 1):
            image = self._tile(wave, tile, height, colours)
            if image is None:
                return False
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF((origin + tile * TILE) / ratio, box.top()), image)
        return True

    def _tile(self, wave: Wave, tile: int, height: int, colours: WaveColours) -> QImage | None:
        key = _Key(wave, tile, height, tuple(None if each is None else each.rgba() for each in colours))
        found = self._tiles.get(key)
        if found is not None:
            self._tiles.move_to_end(key)
            return found
        part = Part(wave.file, tile * TILE * wave.per_column, wave.per_column, TILE)
        shape = self._shapes.columns(part, fine=wave.fine)
        if shape is None:
            return None
        from svi_studio.ui.timeline.waves.draw import draw_wave  # noqa: PLC0415 - numpy comes with the first sound

        image = draw_wave(shape, height, wave.channels, wave.gain, colours)
        if shape.final:
            self._keep(key, image)
        return image

    def _keep(self, key: _Key, image: QImage) -> None:
        self._tiles[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most and len(self._tiles) > 1:
            self._bytes -= self._tiles.popitem(last=False)[1].sizeInBytes()
