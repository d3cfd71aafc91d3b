"""What is known of a sound that is ready to be read, and the file that says it, with all its peaks."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from pydantic import Field, ValidationError

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.value import Sha256, ShortText, Value
from svi_studio.media.sounds.k_weighting import HOP, Energies
from svi_studio.media.sounds.peaks import Rows, level_blocks

_MAGIC: Final = b"SVI sound 1\n"
_HEAD: Final = 8192
"""Bytes before the first level."""

_EDGE = 1 << 20
_MOST_BYTES = 1 << 40


class SourceMark(Value):
    """How a file is known again: its size in bytes, and the SHA-256 of its first and last mebibyte."""

    size: int = Field(ge=0)
    edges: Sha256


class SoundFacts(Value):
    """A sound at 48 kHz in stereo. ``samples`` is its length; ``peak`` its loudest one, 1.0 = full scale.

    ``scale`` is the level of 1.0 in the lossless copy, which holds no more; ``copy_bytes`` is the copy's size.
    ``notes`` counts what its owner should know, by the names in ``decode_notes``; ``said`` are the seconds
    that the file claims to last, where files of its kind know it. The other fields describe the file that it came from.
    """

    source: SourceMark
    samples: int = Field(ge=1, le=1 << 40)
    peak: float = Field(ge=0)
    scale: float = Field(gt=0)
    copy_bytes: int = Field(ge=1)
    codec: ShortText = ""
    rate: int = Field(ge=1)
    channels: int = Field(ge=1)
    said: float | None = None
    notes: dict[str, int] = Field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples / SAMPLE_RATE


class Measured(NamedTuple):
    """The facts of a sound, its peaks in all levels, and its energies."""

    facts: SoundFacts
    levels: Sequence[Rows]
    energies: Energies


def source_mark(path: Path) -> SourceMark:
    """Reads no more than both ends of the file. Raises OSError."""
    with open_plain(path, _MOST_BYTES) as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(file.read(_EDGE))
        file.seek(max(size - _EDGE, 0))
        digest.update(file.read(_EDGE))
    return SourceMark(size=size, edges=digest.hexdigest())


def encode(measured: Measured) -> list[bytes]:
    """The file, in pieces: a head, the levels, the energies, all in the order of bytes of every computer of today."""
    text = measured.facts.model_dump_json().encode()
    head = _MAGIC + len(text).to_bytes(4, "little") + text
    levels = [np.ascontiguousarray(level, "<i2").tobytes() for level in measured.levels]
    return [head.ljust(_HEAD, b"\0"), *levels, measured.energies.astype("<f4").tobytes()]


def open_measured(path: Path) -> Measured | None:
    """What ``encode`` wrote, mapped into memory and not read; None for anything else, or nothing."""
    try:
        with open_plain(path, _MOST_BYTES) as file:
            facts = _facts(file.read(_HEAD))
            size = os.fstat(file.fileno()).st_size
        blocks = level_blocks(facts.samples)
        tenths = max((size - _HEAD - 12 * sum(blocks)) // 4, 0)
        if size != _HEAD + 12 * sum(blocks) + 4 * tenths or tenths != max(facts.samples // HOP, 1):
            return None
        content = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError, ValidationError):
        return None
    return _mapped(facts, content, blocks)


def _facts(head: bytes) -> SoundFacts:
    if not head.startswith(_MAGIC) or len(head) < _HEAD:
        raise ValueError("another kind of file")
    begin = len(_MAGIC) + 4
    text = head[begin : begin + int.from_bytes(head[begin - 4 : begin], "little")]
    return SoundFacts.model_validate_json(text)


def _mapped(facts: SoundFacts, content: "np.memmap[tuple[int], np.dtype[np.uint8]]", blocks: Sequence[int]) -> Measured:
    levels: list[Rows] = []
    at = _HEAD
    for count in blocks:
        levels.append(content[at : at + 12 * count].view("<i2").reshape(3, 2, count))
        at += 12 * count
    return Measured(facts, levels, content[at:].view("<f4"))
