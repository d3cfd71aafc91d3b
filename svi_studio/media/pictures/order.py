"""What is asked of the process that decodes pictures, and what it answers: JSON in one line, then bytes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from svi_studio.domain.pictures.picture_look import AS_IT_IS, PictureLook

MAX_PIXELS: Final = 50_000_000
MAX_LINE: Final = 1 << 14

Want = Literal["size", "check", "pixels"]
Fault = Literal["kind", "broken", "pixels", "memory", "floats", "heic"]
Note = Literal["profile", "frames"]
FAULTS: Final = ("kind", "broken", "pixels", "memory", "floats", "heic")
NOTES: Final = ("profile", "frames")


@dataclass(frozen=True)
class Order:
    """``size`` is the size only, ``check`` decodes all of it and keeps nothing, ``pixels`` sends them.

    ``look`` says which part is wanted, scaled to the film's size where there is one, and which colours. ``most``
    (width, height) is what the pixels must fit into; they keep their shape and are never enlarged for it.
    """

    want: Want
    look: PictureLook = AS_IT_IS
    most: tuple[int, int] | None = None
    max_pixels: int = MAX_PIXELS

    def line(self, content: int) -> bytes:
        """The order for a file of ``content`` bytes, which follow."""
        return json.dumps({**vars(self), "content": content}).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> tuple[Self, int]:
        """The order in a line, and how many bytes follow it."""
        words: dict[str, Any] = json.loads(line)
        film, crop, squeeze, colours = words["look"]
        look = PictureLook(film and tuple(film), crop and tuple(crop), squeeze, colours)
        most = words["most"] and tuple(words["most"])
        return cls(words["want"], look, most, words["max_pixels"]), words["content"]


@dataclass(frozen=True)
class Answer:
    """``full`` is the (width, height) of the whole picture, upright, ``size`` that of the ``pixels``, which are RGB.

    ``kind`` is Pillow's name. ``has_profile``: its numbers mean other colours than sRGB's. ``notes`` are what whoever
    chose it should know. With a ``fault`` there is nothing else but, for too many pixels, ``full``.
    """

    kind: str = ""
    full: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (0, 0)
    has_profile: bool = False
    notes: tuple[Note, ...] = ()
    fault: Fault | None = None
    pixels: bytes = b""

    def line(self) -> bytes:
        """The answer without its pixels, which follow."""
        words = {name: value for name, value in vars(self).items() if name != "pixels"}
        return json.dumps({**words, "pixels": len(self.pixels)}).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> tuple[Self, int]:
        """The answer in a line, and how many bytes follow it. Raises ValueError for anything else."""
        words = json.loads(line)
        if not isinstance(words, dict) or words.keys() != {*_FORMS}:
            raise ValueError("no answer")
        if not all(check(words[name]) for name, check in _FORMS.items()):
            raise ValueError("no answer")
        count = words.pop("pixels")
        full, size = tuple(words.pop("full")), tuple(words.pop("size"))
        if count not in (0, 3 * size[0] * size[1]):
            raise ValueError("the pixels do not fit the size")
        return cls(**{**words, "notes": tuple(words["notes"])}, full=full, size=size), count


def _is_size(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(type(side) is int and 0 <= side < 1 << 31 for side in value)
    )


_FORMS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "kind": lambda value: isinstance(value, str) and len(value) < 32,
    "full": _is_size,
    "size": lambda value: _is_size(value) and value[0] * value[1] <= MAX_PIXELS,
    "has_profile": lambda value: isinstance(value, bool),
    "notes": lambda value: isinstance(value, list) and all(each in NOTES for each in value),
    "fault": lambda value: value is None or value in FAULTS,
    "pixels": lambda value: type(value) is int,
}
