"""Small pictures of a clip for people: one frame, and a strip of exactly what is fed."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from svi_studio.disk.atomic import atomic_write

if TYPE_CHECKING:
    from svi_studio.domain.training.footage import FootageClip
    from svi_studio.media.frames import Frames
    from trainer.footage.videos.shape import Shape

STRIP_FRAMES = 8
_POSTER_HEIGHT, _STRIP_HEIGHT = 180, 90
_QUALITY = 85


def picture_name(clip: FootageClip, shape: Shape) -> str:
    """A name that changes with everything that the pictures of ``clip`` show: 24 hexadecimal digits."""
    what = f"{clip.id}|{clip.crop.box if clip.crop else ''}|{shape.look}"
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def picture_files(name: str) -> tuple[str, str]:
    """File names of the poster and of the strip."""
    return f"{name}.jpg", f"{name}-strip.jpg"


def write_pictures(fed: Frames, folder: Path, name: str) -> None:
    """Writes a strip of the frames ``fed`` ``[n, H, W, 3]`` and a poster of the middle one. Raises StudioError."""
    poster, strip = picture_files(name)
    tiles = [_scaled(frame, _STRIP_HEIGHT) for frame in fed]
    row = Image.new("RGB", (sum(tile.width for tile in tiles), _STRIP_HEIGHT))
    for index, tile in enumerate(tiles):
        row.paste(tile, (index * tile.width, 0))
    _save(row, folder / strip)
    _save(_scaled(fed[len(fed) // 2], _POSTER_HEIGHT), folder / poster)


def is_written(path: Path) -> bool:
    """Whether there is such a picture with something in it; a power cut can leave an empty one."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def write_frames(fed: Frames, folder: Path, name: str) -> None:
    """Writes the frames ``fed`` ``[n, H, W, 3]`` as the files ``frame_files`` names. Raises StudioError."""
    for path, frame in zip(frame_files(folder, name, len(fed)), fed, strict=True):
        _save(Image.fromarray(frame), path)


def frame_files(folder: Path, name: str, count: int) -> list[Path]:
    """Where single frames of a clip are written for a model to look at."""
    return [folder / f"{name}-{number}.jpg" for number in range(count)]


def _scaled(frame: Frames, height: int) -> Image.Image:
    picture = Image.fromarray(frame)
    way = Image.Resampling.BILINEAR if picture.height > height else Image.Resampling.NEAREST
    return picture.resize((max(1, round(picture.width * height / picture.height)), height), way)


def _save(picture: Image.Image, path: Path) -> None:
    content = BytesIO()
    picture.save(content, format="JPEG", quality=_QUALITY)
    atomic_write(path, content.getvalue(), sync=False)  # made again when it is missing, see ``is_written``
