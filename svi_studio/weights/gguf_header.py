"""Reads and checks the header of a GGUF file: its fields, and where each tensor lies. Nothing is dequantised here."""

import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, MAX_TENSORS, Incomplete

MAX_HEADER_BYTES = 32 << 20
_MOST_FIELDS, _MOST_NAME, _MOST_TEXT, _MOST_KEPT, _MOST_DIMENSIONS = 4096, 1024, 4096, 16, 4
_ALIGNMENT = "general.alignment"
_ORIGINAL_SHAPE = "comfy.gguf.orig_shape."

TYPES: Mapping[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
}  # fmt: skip
"""Each type of tensor by its number: its name, how many values a block holds, and a block's bytes."""

_TEXT, _LIST = 8, 9
_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}

Field = int | float | bool | str | tuple[int | float | bool, ...]


@dataclass(frozen=True)
class GgufTensor:
    """One tensor: its type by name, its shape in the order of torch (the file has it reversed), its byte range."""

    type: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says about itself; byte ranges count from ``data_start``. Long lists are not in ``fields``."""

    path: Path
    tensors: Mapping[str, GgufTensor]
    fields: Mapping[str, Field]
    data_start: int


class _BrokenError(Exception):
    pass


def read_gguf_header(path: Path) -> GgufHeader:
    """The checked header of the GGUF file ``path`` (version 2 or 3, little-endian), of which at most 32 MB are read.

    Raises Incomplete when the file is missing or cut short, and BadWeights when it is damaged or no GGUF file.
    """
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(4)
            if content != b"GGUF":
                raise BadWeights(f"{path} is not a GGUF file; get the file again.")
            content += file.read(MAX_HEADER_BYTES - 4)
    except FileNotFoundError as error:
        raise Incomplete(f"The weights file {path} is missing; download or copy it again.") from error
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error
    try:
        return _Reader(content).header(path, size)
    except _BrokenError as error:
        raise BadWeights(f"{path} is damaged or unsafe ({error}); download or copy it again.") from error
    except (struct.error, IndexError) as error:
        if size > len(content):
            raise BadWeights(f"{path} is damaged or unsafe (its header is too long); get the file again.") from error
        raise Incomplete(f"{path} is cut short inside its header; download or copy it again.") from error


class _Reader:
    """Goes through a header once, from front to back; nothing is taken on trust that the bytes do not hold."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 4

    def header(self, path: Path, size: int) -> GgufHeader:
        if self._number("<I") not in (2, 3):
            raise _BrokenError("it is of a version that is not known here")
        tensors, fields = self._number("<Q"), self._number("<Q")
        if tensors > MAX_TENSORS or fields > _MOST_FIELDS:
            raise _BrokenError(f"it lists {tensors} tensors and {fields} fields")
        told = self._fields(int(fields))
        found = self._tensors(int(tensors), told)
        alignment = told.get(_ALIGNMENT, 32)
        if type(alignment) is not int or not 8 <= alignment <= 65_536 or alignment & (alignment - 1):
            raise _BrokenError("its alignment is none")
        start = -(-self._at // alignment) * alignment
        _check_places(path, found, alignment, size - start)
        return GgufHeader(path, found, told, start)

    def _fields(self, count: int) -> dict[str, Field]:
        told: dict[str, Field] = {}
        for _ in range(count):
            name = self._text(_MOST_NAME)
            value = self._value(int(self._number("<I")))
            if name in told:
                raise _BrokenError("it has a field twice")
            if value is not None:
                told[name] = value
        return told

    def _value(self, kind: int) -> Field | None:
        if kind == _TEXT:
            return self._text(None)
        if kind == _LIST:
            return self._list()
        return self._number(_form(kind))

    def _list(self) -> Field | None:
        kind, count = int(self._number("<I")), int(self._number("<Q"))
        if kind == _TEXT:
            self._skip_texts(count)
            return None
        form = _form(kind)
        if count <= _MOST_KEPT:
            return tuple(self._number(form) for _ in range(count))
        self._skip(count * struct.calcsize(form))
        return None

    def _skip_texts(self, count: int) -> None:
        """A vocabulary has a quarter of a million of them."""
        content, at, most = self._content, self._at, len(self._content)
        if count > (most - at) // 8:
            raise IndexError
        length = struct.Struct("<Q").unpack_from
        for _ in range(count):
            at += 8 + length(content, at)[0]
            if at > most:
                raise IndexError
        self._at = at

    def _tensors(self, count: int, told: Mapping[str, Field]) -> dict[str, GgufTensor]:
        found: dict[str, GgufTensor] = {}
        for _ in range(count):
            name = self._text(_MOST_NAME)
            dimensions = int(self._number("<I"))
            if dimensions > _MOST_DIMENSIONS or name in found:
                raise _BrokenError(f"the tensor {name[:80]!r} is there twice or has no proper shape")
            shape = tuple(int(self._number("<Q")) for _ in range(dimensions))[::-1]
            kind, start = int(self._number("<I")), int(self._number("<Q"))
            length = _bytes_of(name, kind, shape)
            found[name] = GgufTensor(TYPES[kind][0], _true_shape(name, shape, told), start, start + length)
        return found

    def _number(self, form: str) -> int | float | bool:
        number: int | float | bool = struct.unpack_from(form, self._content, self._at)[0]
        self._at += struct.calcsize(form)
        return number

    def _text(self, most: int | None) -> str:
        length = int(self._number("<Q"))
        if most is not None and length > most:
            raise _BrokenError("it has a name of impossible length")
        begin = self._at
        self._skip(length)
        try:
            return self._content[begin : begin + min(length, _MOST_TEXT)].decode(
                "utf-8", "strict" if most else "replace"
            )
        except UnicodeDecodeError as error:
            raise _BrokenError("it has a name that is no text") from error

    def _skip(self, length: int) -> None:
        if length > len(self._content) - self._at:
            raise IndexError
        self._at += length


def _form(kind: int) -> str:
    if kind not in _NUMBERS:
        raise _BrokenError("it has a field of an unknown kind")
    return _NUMBERS[kind]


def _bytes_of(name: str, kind: int, shape: tuple[int, ...]) -> int:
    if kind not in TYPES:
        raise _BrokenError(f"the tensor {name[:80]!r} has the unknown type {kind}")
    _, block, length = TYPES[kind]
    values = math.prod(shape)
    if values > MAX_FILE_BYTES or (shape[-1] if shape else 1) % block:
        raise _BrokenError(f"the tensor {name[:80]!r} has no proper shape")
    return values // block * length


def _true_shape(name: str, shape: tuple[int, ...], told: Mapping[str, Field]) -> tuple[int, ...]:
    """The shape that the format cannot say, where the file says it beside: of at most four, one of five dimensions."""
    told_shape = told.get(_ORIGINAL_SHAPE + name)
    if isinstance(told_shape, tuple) and all(type(size) is int and size > 0 for size in told_shape):
        sizes = tuple(int(size) for size in told_shape)
        if math.prod(sizes) == math.prod(shape):
            return sizes
    return shape


def _check_places(path: Path, tensors: Mapping[str, GgufTensor], alignment: int, room: int) -> None:
    position = 0
    for tensor in sorted(tensors.values(), key=lambda tensor: (tensor.start, tensor.end)):
        if tensor.start < position or tensor.start % alignment:
            raise _BrokenError("its tensors overlap or lie askew")
        position = tensor.end
    if position > max(room, 0):
        missing = position - max(room, 0)
        raise Incomplete(f"{path} is cut short: {missing} bytes are missing; download or copy it again.")
