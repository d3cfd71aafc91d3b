"""Small pictures of a clip for people: one frame, and a strip of exactly what is fed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from svi_studio.domain.errors import from_os_error

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

STRIP_FRAMES = 8
_POSTER_HEIGHT, _STRIP_HEIGHT = 180, 90
_QUALITY = 85


def write_pictures(fed: Frames, folder: Path, name: str) -> tuple[str, str]:
    """Write ``name``.jpg and ``name``-strip.jpg of the frames ``fed`` ``[n, H, W, 3]``; returns the two file names.

    Raises DiskFull or StudioError.
    """
    poster, strip = f"{name}.jpg", f"{name}-strip.jpg"
    picked = np.linspace(0, len(fed) - 1, min(STRIP_FRAMES, len(fed))).round().astype(int)
    _save(_scaled(fed[len(fed) // 2], _POSTER_HEIGHT), folder / poster)
    tiles = [_scaled(fed[index], _STRIP_HEIGHT) for index in picked]
    row = Image.new("RGB", (sum(tile.width for tile in tiles), _STRIP_HEIGHT))
    for index, tile in enumerate(tiles):
        row.paste(tile, (index * tile.width, 0))
    _save(row, folder / strip)
    return poster, strip


def _scaled(frame: Frames, height: int) -> Image.Image:
    picture = Image.fromarray(frame)
    way = Image.Resampling.BILINEAR if picture.height > height else Image.Resampling.NEAREST
    return picture.resize((max(1, round(picture.width * height / picture.height)), height), way)


def _save(picture: Image.Image, path: Path) -> None:
    try:
        picture.save(path, format="JPEG", quality=_QUALITY)
    except OSError as error:
        raise from_os_error(error, path) from error
