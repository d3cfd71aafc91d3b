"""Reads and checks the header of a GGUF file without torch, within limits of bytes, entries and time."""

import math
import os
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.text.wording import as_bytes
from svi_studio.weights.gguf_types import KINDS
from svi_studio.weights.input_channels import PATCHES
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, MAX_NAME_CHARACTERS, MAX_TENSORS, Incomplete

MAGIC = b"GGUF"
ORIGINAL_SHAPE = "comfy.gguf.orig_shape."
"""Before a tensor's name: the key of its true shape, where the format has too few dimensions for it."""

_AXES = 4
_MAX_HEADER_BYTES = 32 << 20
_MAX_VALUES = 600_000
_MAX_ENTRIES = 20_000
_MAX_WANTED = 1 << 20
_MAX_TEXT = 1 << 20
_MAX_DIMENSIONS = 8
_KEPT_LIST = 16
_VERSIONS = (2, 3)
_CHUNK = 1 << 16
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

Scalar = str | int | float | bool
Told = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True)
class GgufEntry:
    """One tensor of a GGUF file: how it is stored, its shape in torch's order, and its bytes from the file's start."""

    kind: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says about itself; `metadata` has lists of up to 16 values, and those asked for."""

    path: Path
    tensors: Mapping[str, GgufEntry]
    metadata: Mapping[str, Told]


def is_gguf(path: Path) -> bool:
    """Whether the plain file `path` begins as a GGUF file does; raises BadWeights when it cannot be read."""
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError as error:
        raise Incomplete(f"The weights file {path} is missing; download or copy it again.") from error
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error


def read_gguf_header(path: Path, lists: Collection[str] = ()) -> GgufHeader:
    """The checked header of the GGUF file at `path`, of version 2 or 3, in little-endian order.

    `lists` are keys of lists that are wanted whole, however long, as a tokenizer's are. Reads at most 32 MB. Raises
    Incomplete when the file is missing or cut short, and BadWeights when it is another format, holds over 20,000
    tensors, tensors that overlap, or sizes that do not fit each other.
    """
    if not is_gguf(path):
        raise BadWeights(f"{path} is not a GGUF file; get it again, or use another file.")
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            return _read(path, _Cursor(path, file), os.fstat(file.fileno()).st_size, lists)
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error


class _Cursor:
    """Walks through a header, and refuses to go further than one can reach."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.place = 0
        self._file = file
        self._held = b""
        self._start = 0
        self._values = 0

    def take(self, size: int) -> bytes:
        if size > _MAX_TEXT or self.place + size > _MAX_HEADER_BYTES:
            raise broken(self.path, f"its header is larger than {_MAX_HEADER_BYTES >> 20} MB")
        at = self.place - self._start
        if at + size > len(self._held):
            self._held = self._held[at:] + self._file.read(max(size, _CHUNK))
            self._start, at = self.place, 0
            if size > len(self._held):
                raise Incomplete(f"{self.path} is cut short inside its header; download or copy it again.")
        self.place += size
        return self._held[at : at + size]

    def number(self, form: str) -> int:
        (value,) = struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))
        return int(value)

    def text(self, most: int = _MAX_TEXT) -> str:
        length = self.number("Q")
        if length > most:
            raise broken(self.path, "a text in its header is far too long")
        return self.take(length).decode("utf-8", errors="replace")

    def count(self, number: int) -> int:
        """`number` values that come now; raises BadWeights when the header has too many in all."""
        self._values += number
        if self._values > _MAX_VALUES:
            raise broken(self.path, "its header lists too many values")
        return number

    def value(self, kind: int, *, whole: bool = False) -> Told | None:
        """One value, or None for a list that is too long to be kept, unless it is wanted `whole`."""
        if kind == _ARRAY:
            return self._list(whole=whole)
        return self._single(kind)

    def _single(self, kind: int) -> Scalar:
        if kind == _STRING:
            return self.text()
        if kind not in _SCALARS:
            raise broken(self.path, "its header has a value of an unknown kind")
        form = _SCALARS[kind]
        (value,) = struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))
        found: Scalar = value
        return found

    def _list(self, *, whole: bool) -> Told | None:
        """Long lists, as a tokenizer has them, are passed over without being read, unless they are wanted."""
        kind, length = self.number("I"), self.number("Q")
        if kind != _STRING and kind not in _SCALARS:
            raise broken(self.path, "its header has lists in lists")
        if length <= _KEPT_LIST:
            return tuple(self._single(kind) for _ in range(length))
        if whole:
            return self._whole_list(kind, length)
        if kind == _STRING:
            self._pass_over_texts(self.count(length))
        else:
            self._pass_over(length * struct.calcsize(f"<{_SCALARS[kind]}"))
        return None

    def _pass_over_texts(self, number: int) -> None:
        """A vocabulary has 250,000 of them: those that are held are passed over in place, one that is cut is taken."""
        length_at = struct.Struct("<Q").unpack_from
        while number:
            at, held = self.place - self._start, self._held
            end = len(held)
            while number and at + 8 <= end and (after := at + 8 + length_at(held, at)[0]) <= end:
                at, number = after, number - 1
            self.place = self._start + at
            if number:
                self.take(self.number("Q"))
                number -= 1

    def _whole_list(self, kind: int, length: int) -> Told:
        if length > _MAX_WANTED:
            raise broken(self.path, "a list in its header is far too long")
        if kind == _STRING:
            return tuple(self.text() for _ in range(self.count(length)))
        form = _SCALARS[kind]
        raw = b"".join(self.take(min(_MAX_TEXT, left)) for left in range(length * struct.calcsize(form), 0, -_MAX_TEXT))
        return struct.unpack(f"<{length}{form}", raw)

    def _pass_over(self, size: int) -> None:
        if self.place + size > _MAX_HEADER_BYTES:
            raise broken(self.path, f"its header is larger than {_MAX_HEADER_BYTES >> 20} MB")
        for start in range(0, size, _MAX_TEXT):
            self.take(min(_MAX_TEXT, size - start))


def _read(path: Path, cursor: _Cursor, size: int, lists: Collection[str]) -> GgufHeader:
    cursor.take(len(MAGIC))
    version = cursor.number("I")
    if version not in _VERSIONS:
        raise BadWeights(
            f"{path} is a GGUF file of a version or byte order that cannot be read here; get one of version 3."
        )
    tensors, entries = cursor.number("Q"), cursor.number("Q")
    if tensors > MAX_TENSORS or entries > _MAX_ENTRIES:
        raise broken(path, f"it lists more than {MAX_TENSORS} tensors or notes")
    metadata = _metadata(cursor, entries, lists)
    placed = _placed(cursor, tensors)
    alignment = metadata.get("general.alignment", 32)
    if type(alignment) is not int or not 0 < alignment <= 1 << 20 or alignment & (alignment - 1):
        raise broken(path, "its alignment is impossible")
    start = -(-cursor.place // alignment) * alignment
    found = {name: _entry(path, name, start, place, metadata) for name, place in placed.items()}
    _check_places(path, found, size)
    return GgufHeader(path, {name: _unfolded(name, entry, found) for name, entry in found.items()}, metadata)


def _metadata(cursor: _Cursor, entries: int, lists: Collection[str]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    seen: set[str] = set()
    for _ in range(cursor.count(entries)):
        key = cursor.text(MAX_NAME_CHARACTERS)
        if key in seen:
            raise broken(cursor.path, f"it says {key[:80]!r} twice")
        seen.add(key)
        if (value := cursor.value(cursor.number("I"), whole=key in lists)) is not None:
            found[key] = value
    return found


_Place = tuple[tuple[int, ...], int, int]


def _placed(cursor: _Cursor, tensors: int) -> dict[str, _Place]:
    """Of each tensor: its shape in torch's order (the file has it the other way round), its kind, its offset."""
    found: dict[str, _Place] = {}
    for _ in range(cursor.count(tensors)):
        name, dimensions = cursor.text(MAX_NAME_CHARACTERS), cursor.number("I")
        if dimensions > _MAX_DIMENSIONS or name in found:
            raise broken(cursor.path, f"the tensor {name[:80]!r} is there twice or has no proper shape")
        shape = tuple(cursor.number("Q") for _ in range(dimensions))[::-1]
        found[name] = (shape, cursor.number("I"), cursor.number("Q"))
    return found


def _entry(path: Path, name: str, start: int, place: _Place, metadata: Mapping[str, Told]) -> GgufEntry:
    stored, number, offset = place
    if number not in KINDS:
        raise broken(path, f"the tensor {name[:80]!r} is stored in an unknown way")
    kind, row = KINDS[number], stored[-1] if stored else 1
    if row % kind.values:
        raise broken(path, f"the tensor {name[:80]!r} does not fill its blocks")
    size = math.prod(stored) // kind.values * kind.size
    return GgufEntry(kind.name, _true_shape(path, name, stored, metadata), start + offset, start + offset + size)


def _true_shape(path: Path, name: str, stored: tuple[int, ...], metadata: Mapping[str, Told]) -> tuple[int, ...]:
    told = metadata.get(ORIGINAL_SHAPE + name)
    if told is None:
        return stored
    sizes = tuple(size for size in told if type(size) is int and size >= 0) if isinstance(told, tuple) else ()
    if not isinstance(told, tuple) or len(sizes) != len(told) or math.prod(sizes) != math.prod(stored):
        raise broken(path, f"the tensor {name[:80]!r} is said to have a shape that does not fit it")
    return sizes


def _unfolded(name: str, entry: GgufEntry, tensors: Mapping[str, GgufEntry]) -> GgufEntry:
    """The format has four axes, and Wan's patches five: stable-diffusion.cpp makes the first two, out and in, one."""
    bias = tensors.get(name.removesuffix("weight") + "bias")
    if not name.endswith(PATCHES) or len(entry.shape) != _AXES or bias is None or len(bias.shape) != 1:
        return entry
    out, folded = bias.shape[0], entry.shape[0]
    return replace(entry, shape=(out, folded // out, *entry.shape[1:])) if out and folded % out == 0 else entry


def _check_places(path: Path, tensors: Mapping[str, GgufEntry], size: int) -> None:
    position = 0
    for entry in sorted(tensors.values(), key=lambda entry: (entry.start, entry.end)):
        if entry.start < position:
            raise broken(path, "its tensors overlap")
        position = entry.end
    if position > size:
        raise Incomplete(f"{path} is cut short: {as_bytes(position - size)} are missing; download or copy it again.")


def broken(path: Path, why: str) -> BadWeights:
    """The refusal of a damaged or hostile file."""
    return BadWeights(f"{path} is damaged or unsafe ({why}); download or copy it again.")
