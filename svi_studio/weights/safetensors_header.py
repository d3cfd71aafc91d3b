"""Reads and checks the header of a safetensors file without torch, so that nothing unsafe or cut short is opened."""

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.text.wording import as_bytes

MAX_FILE_BYTES = 256 << 30
MAX_HEADER_BYTES = 16 * 1024 * 1024
MAX_TENSORS = 20_000
MAX_NAME_CHARACTERS = 512
_MAX_DIMENSIONS = 16
_WORDS_FIRST = re.compile(r'\{\s*"__metadata__"\s*:\s*')
_PLACE = itemgetter(2, 3)  # the bytes of an entry
_LENGTH_BYTES = 8

BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "U16": 16, "I16": 16, "F16": 16, "BF16": 16,
    "U32": 32, "I32": 32, "F32": 32,
    "U64": 64, "I64": 64, "F64": 64, "C64": 64,
}  # fmt: skip

_DISGUISES = (
    (b"PK\x03\x04", "a zip archive, most likely a PyTorch pickle"),
    (b"\x80", "a Python pickle"),
    (b"GGUF", "a GGUF file"),
    (b"version https://git-lfs", "only a Git LFS pointer, the real file was never downloaded"),
    (b"<!", "a web page, so the download failed"),
    (b"<html", "a web page, so the download failed"),
)


class Incomplete(BadWeights):
    """A weights file that is not there whole, as after a download that broke off: getting it again mends that."""


class TensorEntry(NamedTuple):
    """One tensor of a safetensors file: its dtype as the format spells it, its shape and its byte range."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class SafetensorsHeader:
    """What a safetensors file says about itself; byte ranges count from `data_start`."""

    path: Path
    tensors: Mapping[str, TensorEntry]
    metadata: Mapping[str, str]
    data_start: int


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


_WORDS = json.JSONDecoder(object_pairs_hook=_no_duplicates)


@dataclass(frozen=True)
class RawHeader:
    """The header of a file as it stands there, unchecked, and how many bytes of data follow it."""

    path: Path
    content: bytes
    data_size: int

    def apart(self) -> tuple[dict[str, str], bytes] | None:
        """What the file says of itself in words, and the rest of its header; None unless the words come first."""
        try:
            text = self.content.decode("utf-8")
            if (begin := _WORDS_FIRST.match(text)) is None:
                return None
            words, end = _WORDS.raw_decode(text, begin.end())
        except (ValueError, RecursionError):
            return None
        return (words, text[end:].encode()) if _is_plain_text(words) else None

    def checked(self) -> SafetensorsHeader:
        """What it says, see ``read_header``."""
        return _checked(self.path, self.content, self.data_size)


def read_header(path: Path) -> SafetensorsHeader:
    """The checked header of the safetensors file at `path`.

    Reads at most 16 MB. Raises Incomplete when the file is missing or cut short, and BadWeights when it is another
    format by content (whatever it is called), longer than it says, or holds over 20,000 tensors, a name of over 512
    characters, holes or overlaps.
    """
    return read_raw_header(path).checked()


def read_raw_header(path: Path) -> RawHeader:
    """The header of the safetensors file at `path`, of which only the length is checked; raises as ``read_header``."""
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(_LENGTH_BYTES + 24) or b""  # None: of the system's own, with nothing to say now
            _refuse_disguise(path, head)
            length = int.from_bytes(head[:_LENGTH_BYTES], "little")
            _check_length(path, length, size)
            file.seek(_LENGTH_BYTES)
            raw = file.read(length)
    except FileNotFoundError as error:
        raise Incomplete(f"The weights file {path} is missing; download or copy it again.") from error
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error
    return RawHeader(path, raw, size - _LENGTH_BYTES - length)


def _refuse_disguise(path: Path, head: bytes) -> None:
    if head[_LENGTH_BYTES : _LENGTH_BYTES + 1] == b"{":  # every safetensors header starts so
        return
    for magic, what in _DISGUISES:
        if head.lower().startswith(magic.lower()):
            kind = Incomplete if what.startswith("only") else BadWeights
            raise kind(f"{path} is {what}, not a safetensors file; nothing was opened: get the .safetensors file.")


def _check_length(path: Path, length: int, size: int) -> None:
    if size < _LENGTH_BYTES:
        raise Incomplete(f"{path} is too short to be a safetensors file; download or copy it again.")
    if length > MAX_HEADER_BYTES:
        raise BadWeights(
            f"{path} is not a safetensors file, or its header is larger than {MAX_HEADER_BYTES // 1024**2} MB; "
            "use another file."
        )
    if _LENGTH_BYTES + length > size:
        raise Incomplete(f"{path} is cut short inside its header; download or copy it again.")


def _checked(path: Path, raw: bytes, data_size: int) -> SafetensorsHeader:
    content = _parsed(path, raw)
    metadata = content.pop("__metadata__", {})
    if not _is_plain_text(metadata):
        raise _broken(path, "its metadata is not plain text")
    if len(content) > MAX_TENSORS:
        raise _broken(path, f"it lists {len(content)} tensors, more than {MAX_TENSORS}")
    if (longest := max(map(len, content), default=0)) > MAX_NAME_CHARACTERS:
        raise _broken(path, f"the name of a tensor has {longest} characters, more than {MAX_NAME_CHARACTERS}")
    tensors = _entries(path, content)
    _check_layout(path, tensors, data_size)
    return SafetensorsHeader(path, tensors, metadata, _LENGTH_BYTES + len(raw))


def _is_plain_text(metadata: Any) -> bool:
    return isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values())


def _parsed(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        content = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_float=_no_fraction)
    except (ValueError, RecursionError) as error:
        raise _broken(path, "its header is not valid") from error
    if not isinstance(content, dict):
        raise _broken(path, "its header is not a list of tensors")
    return content


def _no_fraction(text: str) -> float:
    raise ValueError(f"{text} where only whole numbers can be")


def _entries(path: Path, content: Mapping[str, Any]) -> dict[str, TensorEntry]:
    """All tensors. Most of a file are alike in type and shape, and that is checked once of each kind."""
    found: dict[str, TensorEntry] = {}
    alike: dict[Any, tuple[str, tuple[int, ...], int]] = {}
    for name, value in content.items():
        try:
            kind = value["dtype"], *value["shape"]
            dtype, shape, size = alike[kind]
            start, end = value["data_offsets"]
            is_sound = len(value) == 3 and type(start) is type(end) is int and 0 <= start == end - size < 2**63
        except (TypeError, KeyError, ValueError):
            is_sound = False
        if is_sound:
            found[name] = TensorEntry(dtype, shape, start, end)
        else:
            found[name] = entry = _entry(path, name, value)
            alike[entry.dtype, *entry.shape] = entry.dtype, entry.shape, entry.end - entry.start
    return found


def _entry(path: Path, name: str, value: Any) -> TensorEntry:
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise _broken(path, f"the entry {name[:80]!r} is not a tensor")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise _broken(path, f"the tensor {name[:80]!r} has the unknown type {str(dtype)[:20]!r}")
    if not _whole_numbers(shape) or len(shape) > _MAX_DIMENSIONS or not _whole_numbers(offsets) or len(offsets) != 2:
        raise _broken(path, f"the tensor {name[:80]!r} has no proper shape or place")
    start, end = offsets
    if end - start != math.prod(shape) * BITS[dtype] // 8:
        raise _broken(path, f"the size of the tensor {name[:80]!r} does not match its shape")
    return TensorEntry(dtype, tuple(shape), start, end)


def _whole_numbers(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 2**63 for value in values)


def _check_layout(path: Path, tensors: Mapping[str, TensorEntry], data_size: int) -> None:
    position = 0
    for entry in sorted(tensors.values(), key=_PLACE):
        if entry.start != position:
            raise _broken(path, "its tensors overlap or leave holes")
        position = entry.end
    if position > data_size:
        missing = position - data_size
        raise Incomplete(f"{path} is cut short: {as_bytes(missing)} are missing; download or copy it again.")
    if position < data_size:
        raise _broken(path, "it is longer than its header says")


def _broken(path: Path, why: str) -> BadWeights:
    return BadWeights(f"{path} is damaged or unsafe ({why}); download or copy it again.")
