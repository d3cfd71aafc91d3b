"""Reads one picture from its bytes, whole or not at all; runs only in the process that is made for it."""

import contextlib
import struct
import warnings
from io import BytesIO
from typing import Final

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from svi_studio.domain.pictures.picture_look import Box, Size
from svi_studio.media.pictures.colours import Coloured, in_srgb, over_white, plain_rgb
from svi_studio.media.pictures.kinds import DECODERS, HEIC_BRANDS
from svi_studio.media.pictures.order import Answer, Fault, Note, Order
from svi_studio.media.pictures.png_chunks import without_words

_ORIENTATION = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, IndexError, TypeError, OverflowError)
_LARGEST_WORDS = 16 << 20  # bytes of one profile or text; more of a PNG is left out


class Unreadable(Exception):  # noqa: N818 - says what it is
    """The picture cannot be read, for this reason."""

    def __init__(self, fault: Fault, full: tuple[int, int] = (0, 0)) -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.full = full


def make_ready() -> None:
    """Prepares this process before its first picture."""
    warnings.simplefilter("ignore")  # of decompression bombs too: our own limit is lower and always refuses
    PngImagePlugin.MAX_TEXT_CHUNK = _LARGEST_WORDS
    Image.preinit()
    with contextlib.suppress(ImportError):  # Pillow was built without it
        from PIL import AvifImagePlugin  # noqa: PLC0415

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each has a stack, and the memory is counted
    with contextlib.suppress(ImportError):  # there is none for this computer, and a HEIC picture is refused by name
        from pi_heif import register_heif_opener  # noqa: PLC0415

        register_heif_opener(thumbnails=False, decode_threads=1)


def read(content: bytes, order: Order) -> Answer:
    """Carries out ``order``. Raises Unreadable, MemoryError."""
    try:
        with _sniffed(content, order.max_pixels) as picture:
            return _read(picture, order)
    except _BROKEN as error:
        raise Unreadable("broken") from error


def _read(picture: Image.Image, order: Order) -> Answer:
    turn = _turn(picture)
    width, height = picture.size
    full = (height, width) if turn in _ON_ITS_SIDE else (width, height)
    kind = "JPEG" if picture.format == "MPO" else picture.format or ""  # a JPEG with more pictures behind the first
    if order.want == "size":
        return Answer(kind, full)
    notes: list[Note] = ["frames"] if kind != "JPEG" and getattr(picture, "is_animated", False) else []
    box = order.look.box(full) or (0, 0, *full)
    size = _wanted_size(order, box)
    if order.want == "pixels":
        _draft(picture, full, box, size, turn)
    picture.load()
    coloured = _flat(picture, order)
    if coloured.ignored:
        notes.append("profile")
    answer = Answer(kind, full, has_profile=coloured.changed, notes=tuple(notes))
    if order.want == "check":
        return answer
    shown = _shown(coloured.picture if turn is None else coloured.picture.transpose(turn), full, box, size)
    return Answer(kind, full, shown.size, coloured.changed, tuple(notes), None, shown.tobytes())


def _flat(picture: Image.Image, order: Order) -> Coloured:
    if picture.mode == "F":
        raise Unreadable("floats")
    coloured = (
        in_srgb(picture) if order.look.colours == "srgb" or picture.mode == "LAB" else Coloured(plain_rgb(picture))
    )
    return coloured._replace(picture=over_white(coloured.picture))


def _draft(picture: Image.Image, full: Size, box: Box, size: Size, turn: Image.Transpose | None) -> None:
    """Lets a JPEG be decoded nearly as small as it is wanted, which is many times quicker."""
    width, height = (round(2 * size[0] * full[0] / (box[2] - box[0])), round(2 * size[1] * full[1] / (box[3] - box[1])))
    picture.draft(None, (height, width) if turn in _ON_ITS_SIDE else (width, height))


def _wanted_size(order: Order, box: Box) -> Size:
    """The size in which the part ``box`` is wanted."""
    width, height = order.look.film or (box[2] - box[0], box[3] - box[1])
    scale = 1.0 if order.most is None else min(1.0, order.most[0] / width, order.most[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shown(picture: Image.Image, full: Size, box: Box, size: Size) -> Image.Image:
    """The part ``box`` in ``size``, of an upright RGB picture that may have been read smaller than it is."""
    if picture.size == full == size:
        return picture
    across, down = picture.width / full[0], picture.height / full[1]
    scaled = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
    return picture.resize(size, Image.Resampling.BICUBIC, box=scaled, reducing_gap=3.0)


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """What turns the picture upright; damaged notes of a camera are no reason to refuse its picture."""
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except (struct.error, SyntaxError, KeyError, TypeError, ValueError):
        return None


def _sniffed(content: bytes, max_pixels: int) -> Image.Image:
    try:
        picture = _opened(content)
    except Image.DecompressionBombError as error:
        raise Unreadable("pixels") from error
    except UnidentifiedImageError as error:
        raise Unreadable("heic" if _is_heic(content) and "HEIF" not in Image.OPEN else "kind") from error
    width, height = picture.size
    if width * height > max_pixels:
        picture.close()
        raise Unreadable("pixels", (width, height))
    return picture


def _opened(content: bytes) -> Image.Image:
    known = [decoder for decoder in DECODERS if decoder in Image.OPEN or decoder not in {"HEIF", "AVIF"}]
    try:
        return Image.open(BytesIO(content), formats=known)
    except ValueError:  # of a PNG: a text or a profile of enormous size, which is not its picture
        return Image.open(BytesIO(without_words(content)), formats=known)


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS
