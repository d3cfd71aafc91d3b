"""Reference pictures: only PNG, JPEG and WebP, judged by content, at most 50 megapixels, whole or not at all."""

import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from svi_studio.domain.errors import BadInput

MAX_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
_MAX_FILE_BYTES = 200_000_000
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))


def open_reference(path: Path) -> Image.Image:
    """Read a reference picture whole, as RGB, turned upright by its EXIF orientation.

    Transparent parts are laid over white. The authors' program also shows a picture upright, but takes its size from
    before the turn; here pixels and size agree. Raises BadInput with one sentence for anything but a sound picture.
    """
    with _plain_errors(path), _open(path) as image:
        return _upright(image)


def read_reference(content: bytes, name: str) -> tuple[str, Image.Image]:
    """As ``open_reference``, for a picture that lies in memory: its format ("PNG", "JPEG" or "WEBP") and its pixels.

    ``name`` is what the sentences call it. Raises BadInput.
    """
    with _plain_errors(name), _sniffed(BytesIO(content), name) as image:
        kind = "JPEG" if image.format == "MPO" else image.format  # a JPEG with more pictures behind the first
        return kind or "", _upright(image)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels of the upright picture; raises BadInput."""
    with _plain_errors(path), _open(path) as image:
        width, height = image.size
        return (height, width) if _turn(image) in _ON_ITS_SIDE else (width, height)


@contextmanager
def _plain_errors(path: Path | str) -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower and always refuses
        try:
            yield
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise BadInput(f'The picture "{path}" is broken or was cut off; save or copy it again.') from error


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    turn = _turn(image)
    return _flat_rgb(image if turn is None else image.transpose(turn))


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What turns the picture upright; damaged notes of a camera are no reason to refuse its picture."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except (struct.error, SyntaxError, KeyError, TypeError, ValueError):
        return None


def _open(path: Path) -> Image.Image:
    if not os.path.isfile(path):  # noqa: PTH113 - False for a name that the system refuses
        raise BadInput(f'The picture "{path}" was not found; it may have been moved or renamed.')
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise BadInput(f'The picture "{path}" is larger than {_MAX_FILE_BYTES // 1_000_000} MB; use a smaller one.')
    except OSError as error:
        raise BadInput(f'The picture "{path}" cannot be read: {error.strerror}.') from error
    return _sniffed(path, path)


def _sniffed(source: Path | BytesIO, path: Path | str) -> Image.Image:
    try:
        image = Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadInput(f'The picture "{path}" has more than 50 megapixels; make it smaller.') from error
    except UnidentifiedImageError as error:
        raise BadInput(
            f'"{path}" is not a PNG, JPEG or WebP picture, or it is broken; save it again as PNG.'
        ) from error
    except PermissionError as error:
        raise BadInput(f'The picture "{path}" cannot be read: permission denied.') from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BadInput(f'The picture "{path}" is broken; save or copy it again.') from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        raise BadInput(f'The picture "{path}" has {width} x {height} pixels, more than 50 megapixels; make it smaller.')
    return image


def _flat_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image.copy()
    if image.mode.startswith("I") or image.mode == "F":  # 16-bit grey: keep the upper eight bits, never clip
        image = image.point(lambda value: value / 256).convert("L") if image.mode != "F" else image.convert("L")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, rgba).convert("RGB")
    return image.convert("RGB")
