"""Pictures from outside, judged by content, at most 50 megapixels, whole or not at all: decoded in another process."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.disk.plain_file import TooLarge, read_plain
from svi_studio.domain.errors import BadInput
from svi_studio.domain.pictures.picture_look import Colours, PictureLook
from svi_studio.media.limited_process import Crashed, TooSlow
from svi_studio.media.pictures.decoder import decoded
from svi_studio.media.pictures.kinds import kind_words
from svi_studio.media.pictures.order import MAX_PIXELS, Answer, Note, Order

__all__ = [
    "MAX_PIXELS",
    "PictureFacts",
    "look_at",
    "note_words",
    "open_reference",
    "picture_size",
    "read_reference",
    "read_view",
]

if TYPE_CHECKING:
    from PIL import Image

_MAX_FILE_BYTES = 200_000_000

Stop = Callable[[], bool]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of a sound picture: its upright (width, height) in pixels, and what its chooser should know.

    ``has_profile``: its numbers mean other colours than sRGB's, so that it matters how they are read.
    """

    size: tuple[int, int]
    has_profile: bool = False
    notes: tuple[Note, ...] = ()


def open_reference(path: Path, colours: Colours = "srgb", should_stop: Stop = _never) -> "Image.Image":
    """Reads a picture whole, as RGB in sRGB's colours, turned upright by its EXIF orientation.

    Transparent parts are laid over white. The authors' program also shows a picture upright, but takes its size from
    before the turn; here pixels and size agree. ``colours`` "as stored" takes the numbers for sRGB's, whatever the
    picture's profile says: so films of earlier versions were made. Raises BadInput with one sentence for anything but
    a sound picture that is read in 10 seconds, and Stopped.
    """
    return _image(_asked(path, Order("pixels", PictureLook(colours=colours)), should_stop))


def read_view(path: Path, look: PictureLook, most: tuple[int, int], should_stop: Stop = _never) -> Answer:
    """The picture as a film sees it, for the screen: its ``pixels`` are RGB, scaled into ``most`` (width, height).

    ``full`` is the size of the whole picture. Raises as ``open_reference``.
    """
    return _asked(path, Order("pixels", look, most), should_stop)


def read_reference(content: bytes, name: str, should_stop: Stop = _never) -> "tuple[str, Image.Image]":
    """As ``open_reference``, for a picture that lies in memory: its format (Pillow's name for it) and its pixels.

    ``name`` is what the sentences call it. Raises BadInput, Stopped.
    """
    answer = _answer(content, name, Order("pixels"), should_stop)
    return answer.kind, _image(answer)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels of the upright picture; raises BadInput."""
    return _asked(path, Order("size"), _never).full


def look_at(path: Path, should_stop: Stop = _never) -> PictureFacts:
    """Reads a picture whole, and keeps only what is known of it. Raises BadInput, Stopped."""
    answer = _asked(path, Order("check"), should_stop)
    return PictureFacts(answer.full, answer.has_profile, answer.notes)


def note_words(notes: tuple[Note, ...]) -> str:
    """What whoever chose a picture should know of it, in a sentence or two; empty when there is nothing."""
    words = {
        "profile": "Its colour profile cannot be used, so its colours may be a little off.",
        "frames": "It holds several pictures; the first one is used.",
    }
    return " ".join(words[note] for note in notes)


def _asked(path: Path, order: Order, should_stop: Stop) -> Answer:
    return _answer(_content(path), path, order, should_stop)


def _answer(content: bytes, name: Path | str, order: Order, should_stop: Stop) -> Answer:
    order = replace(order, max_pixels=MAX_PIXELS)
    try:
        answer = decoded(order, content, should_stop)
    except TooSlow as error:
        raise BadInput(
            f'The picture "{name}" takes longer than 10 seconds to read: save it again as PNG, or use another one.'
        ) from error
    except Crashed as error:
        raise BadInput(f'The picture "{name}" is broken or was cut off; save or copy it again.') from error
    if answer.fault is not None:
        raise BadInput(_fault_words(answer, name))
    return answer


def _fault_words(answer: Answer, name: Path | str) -> str:
    width, height = answer.full
    count = f" {width} x {height} pixels, more than 50" if width else " more than 50"
    return {
        "kind": f'"{name}" is not a {kind_words()} picture, or it is broken; save it again as PNG.',
        "broken": f'The picture "{name}" is broken or was cut off; save or copy it again.',
        "pixels": f'The picture "{name}" has{count} megapixels; make it smaller.',
        "memory": f'The picture "{name}" needs too much memory to read: save it again as PNG, or make it smaller.',
        "floats": f'The picture "{name}" holds floating-point numbers; save it with 8 or 16 bits a colour.',
        "heic": f'The picture "{name}" is HEIC, which cannot be read on this computer; save it as JPEG or PNG.',
    }[answer.fault or "broken"]


def _image(answer: Answer) -> "Image.Image":
    from PIL import Image  # noqa: PLC0415 - the window shows pictures without Pillow

    return Image.frombytes("RGB", answer.size, answer.pixels)


def _content(path: Path) -> bytes:
    if not os.path.isfile(path):  # noqa: PTH113 - False for a name that the system refuses
        raise BadInput(f'The picture "{path}" was not found; it may have been moved or renamed.')
    try:
        return read_plain(path, _MAX_FILE_BYTES)
    except TooLarge as error:
        size = _MAX_FILE_BYTES // 1_000_000
        raise BadInput(f'The picture "{path}" is larger than {size} MB; use a smaller one.') from error
    except OSError as error:
        raise BadInput(f'The picture "{path}" cannot be read: {_reason(error)}.') from error


def _reason(error: OSError) -> str:
    return "permission denied" if isinstance(error, PermissionError) else error.strerror or "the disk reported a fault"
