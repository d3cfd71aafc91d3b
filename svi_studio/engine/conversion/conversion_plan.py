"""Plans how the tensors of an original checkpoint become those of a network, and refuses before anything is written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.safetensors_writer import DTYPES, write_safetensors
from svi_studio.engine.loading.streamed_weights import Shape, read_tensors
from svi_studio.weights.safetensors_header import SafetensorsHeader

_STACKED = "qkv_proj"
_IGNORED = re.compile(r"visual\.head|textual\..*|log_scale")
"""What the image encoder's file holds beside the image encoder."""


@dataclass(frozen=True)
class Piece:
    """One tensor of the network: which tensor of the original it comes from, and which third of it if stacked."""

    source: str
    target: str
    dtype: torch.dtype
    shape: Shape
    third: int | None = None

    def cut(self, tensor: torch.Tensor) -> torch.Tensor:
        """This piece of the original `tensor`, in the network's shape and this piece's type."""
        part = tensor if self.third is None else tensor.chunk(3)[self.third]
        return part.reshape(self.shape).to(self.dtype)


def plan_pieces(
    headers: Sequence[SafetensorsHeader],
    new_name: Callable[[str], str | None],
    expected: Mapping[str, Shape],
    kept: Callable[[str, torch.dtype], torch.dtype],
) -> dict[Path, list[Piece]]:
    """What to write for each original file; raises BadWeights unless names and shapes match the network exactly.

    `new_name` translates a name, `expected` are the network's names and shapes, and `kept` says in which type a tensor
    is written, given the network's name and the type in the original.
    """
    plan: dict[Path, list[Piece]] = {}
    for header in headers:
        names = [name for name in header.tensors if not _IGNORED.fullmatch(name)]
        found = [_pieces(header, name, new_name(name) or "", expected) for name in names]
        plan[header.path] = [replace(piece, dtype=kept(piece.target, piece.dtype)) for some in found for piece in some]
    targets = [piece.target for pieces in plan.values() for piece in pieces]
    missing = sorted(set(expected) - set(targets))
    if missing or len(targets) != len(set(targets)):
        what = f"lack {missing[0]} and {len(missing) - 1} more" if missing else "hold a tensor twice"
        raise BadWeights(f"The original weights in {headers[0].path.parent} {what}; download them again.")
    return plan


def write_pieces(source: Path, target: Path, pieces: Sequence[Piece]) -> None:
    """Writes the `pieces` of the safetensors file `source` to `target`, with one tensor in memory at a time."""
    outline = {piece.target: (piece.dtype, piece.shape) for piece in pieces}
    write_safetensors(target, outline, _cut(source, pieces))


def _cut(source: Path, pieces: Sequence[Piece]) -> Iterator[torch.Tensor]:
    for piece in pieces:
        ((_, tensor),) = read_tensors(source, {piece.source: piece.source})
        yield piece.cut(tensor)


def _pieces(header: SafetensorsHeader, name: str, target: str, expected: Mapping[str, Shape]) -> list[Piece]:
    entry = header.tensors[name]
    stacked = _STACKED in target
    targets = [target.replace(_STACKED, f"{letter}_proj") for letter in "qkv"] if stacked else [target]
    if not all(own in expected for own in targets) or entry.dtype not in DTYPES:
        raise BadWeights(f"{header.path} holds the tensor {name[:120]}, which is not of Wan image-to-video.")
    shape = expected[targets[0]]
    whole = (3 * shape[0], *shape[1:]) if stacked else shape
    if _without_ones(entry.shape) != _without_ones(whole):
        raise BadWeights(f"The tensor {name[:120]} in {header.path} has an unexpected shape; download it again.")
    thirds = range(3) if stacked else (None,)
    return [
        Piece(name, own, DTYPES[entry.dtype], expected[own], third) for own, third in zip(targets, thirds, strict=True)
    ]


def _without_ones(shape: Shape) -> list[int]:
    return [size for size in shape if size != 1]
