"""The weights of one part of a model where they lie: found by their headers, read one by one, in any readable form."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch

from svi_studio.disk.plain_file import open_plain
from svi_studio.disk.read_ahead import ReadAhead
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.engine.loading.part_names import STACKED
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.safetensors_writer import DTYPES
from svi_studio.engine.loading.streamed_weights import Shape, check_tensor, missing_tensors
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, Incomplete
from svi_studio.weights.stored_file import StoredFile, StoredTensor, read_stored_file

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.loading.part_names import Rename


class Place(NamedTuple):
    """Where one tensor of a network lies: the file, its name there, and its bytes and form."""

    path: Path
    name: str
    stored: StoredTensor


class _Stamp(NamedTuple):
    """What tells that a file is still the one that it was; network drives give no lasting number of a file."""

    size: int
    modified: int


@dataclass(frozen=True)
class FoundWeights:
    """By the network's names, where each weight lies; `stamps` tell of each file whether it changed meanwhile."""

    places: Mapping[str, Place]
    stamps: Mapping[Path, _Stamp]

    def read(self, names: Iterable[str] | None = None) -> Iterator[tuple[str, Tensor | QuantisedWeight]]:
        """The weights `names` (None: all), one by one on the CPU, quantised ones as stored; by file, in its order.

        Raises BadWeights when a file cannot be read, or is another than when the weights were found.
        """
        by_file: dict[Path, list[str]] = {}
        for name in self.places if names is None else names:
            by_file.setdefault(self.places[name].path, []).append(name)
        for path, own in by_file.items():
            yield from self._read_file(path, sorted(own, key=lambda name: self.places[name].stored.start))

    def _read_file(self, path: Path, names: Sequence[str]) -> Iterator[tuple[str, Tensor | QuantisedWeight]]:
        try:
            with open_plain(path, MAX_FILE_BYTES) as file:
                self._check(path, file)
                ahead = ReadAhead(file)
                for name in names:
                    ahead.reach(self.places[name].stored.end)
                    yield name, _weight(path, file, self.places[name])
                self._check(path, file)
        except Refused as error:
            raise BadWeights(str(error)) from error
        except OSError as error:
            raise BadWeights(
                f"The weights file {path} could not be read ({error.strerror}); check the disk."
            ) from error

    def _check(self, path: Path, file: BufferedReader) -> None:
        if _stamp(os.fstat(file.fileno())) != self.stamps[path]:
            raise BadWeights(
                f"{path} was changed while it was in use: wait until what writes it has finished, then start again."
            )


def find_weights(files: Iterable[Path], rename: Rename | None, expected: Mapping[str, Shape]) -> FoundWeights:
    """Where the tensors of a network with the names and shapes `expected` lie in `files`; reads headers only.

    `files` are safetensors or GGUF, told by content. `rename` translates their names, None: they are the network's own.
    Raises BadWeights unless names and shapes match exactly, or when a file is damaged or stored in an unreadable way.
    """
    files = tuple(files)
    stamps = {path: _stamp_of(path) for path in files}
    places: dict[str, Place] = {}
    for file in (read_stored_file(path) for path in files):
        for target, place in _placed(file, rename or (lambda name: name), expected):
            shape = expected.get(target)
            check_tensor(file.path, place.name, place.stored.shape, shape, twice=target in places)
            places[target] = place
    if missing := sorted(set(expected) - set(places)):
        raise missing_tensors(files, missing)
    return FoundWeights(places, stamps)


def stored_names(files: Iterable[Path]) -> list[str]:
    """The names of all tensors in `files`, without a transformer's prefix."""
    return [name for path in files for name in read_stored_file(path).tensors]


def _placed(file: StoredFile, rename: Rename, expected: Mapping[str, Shape]) -> Iterator[tuple[str, Place]]:
    for name, stored in file.tensors.items():
        target = rename(name)
        if target is None:
            continue
        stacked = STACKED in target and target not in expected and stored.shape[:1] and stored.shape[0] % 3 == 0
        targets = [target.replace(STACKED, f"{letter}_proj") for letter in "qkv"] if stacked else [target]
        for own, part in zip(targets, _thirds(stored) if stacked else [stored], strict=True):
            yield own, Place(file.path, name, _shaped(part, expected.get(own)))


def _thirds(stored: StoredTensor) -> list[StoredTensor]:
    """A tensor that is three of equal size, one below the other, and its scales likewise where each row has one."""
    scale = stored.scale
    scales: list[StoredTensor | None] = [scale] * 3
    if scale is not None and scale.shape[:1] == stored.shape[:1] and stored.shape[0] > 1:
        scales = list(_thirds(scale))
    length = (stored.end - stored.start) // 3
    starts = [stored.start + number * length for number in range(3)]
    return [
        replace(stored, shape=(stored.shape[0] // 3, *stored.shape[1:]), start=start, end=start + length, scale=own)
        for start, own in zip(starts, scales, strict=True)
    ]


def _shaped(stored: StoredTensor, expected: Shape | None) -> StoredTensor:
    """In the network's own shape, where the file's has axes of length 1 more or less."""
    same = expected is not None and [size for size in stored.shape if size != 1] == [s for s in expected if s != 1]
    return replace(stored, shape=expected) if same and expected is not None else stored


def _weight(path: Path, file: BufferedReader, place: Place) -> Tensor | QuantisedWeight:
    stored = place.stored
    raw = _bytes(path, file, stored)
    scale = _scale(path, file, stored.scale) if stored.scale else None
    if stored.quantised:
        return QuantisedWeight(raw, stored.format, stored.shape, scale)
    if stored.format not in DTYPES:
        raise BadWeights(
            f"{path} holds {place.name[:120]} as {stored.format}, which cannot be read here; get another file."
        )
    plain = raw.view(DTYPES[stored.format]).reshape(stored.shape)
    if scale is None:
        return plain
    return plain.float() * (scale.reshape(-1, *[1] * (plain.ndim - 1)) if scale.ndim else scale)


def _scale(path: Path, file: BufferedReader, stored: StoredTensor) -> Tensor:
    scale = _bytes(path, file, stored).view(DTYPES[stored.format]).float()
    if not torch.isfinite(scale).all():
        raise BadWeights(f"{path} is damaged: a scale of its fp8 weights is no number; download or copy it again.")
    return scale.reshape(()) if scale.numel() == 1 else scale.flatten()


def _bytes(path: Path, file: BufferedReader, stored: StoredTensor) -> Tensor:
    raw = torch.empty(stored.end - stored.start, dtype=torch.uint8)
    file.seek(stored.start)
    if raw.numel() and file.readinto(raw.numpy().data) != raw.numel():
        raise Incomplete(f"{path} became shorter while it was read; download or copy it again.")
    return raw


def _stamp_of(path: Path) -> _Stamp:
    try:
        return _stamp(path.stat())
    except FileNotFoundError as error:
        raise Incomplete(f"The weights file {path} is missing; download or copy it again.") from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error


def _stamp(status: os.stat_result) -> _Stamp:
    return _Stamp(status.st_size, status.st_mtime_ns)
