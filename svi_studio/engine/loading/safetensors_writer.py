"""Writes a safetensors file tensor by tensor, so that a file larger than memory can be written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import torch

from svi_studio.disk.atomic import write_new

_NAMES = {
    torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.int16: "I16", torch.int32: "I32",
    torch.int64: "I64", torch.float16: "F16", torch.bfloat16: "BF16", torch.float32: "F32", torch.float64: "F64",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2",
}  # fmt: skip

DTYPES = {name: dtype for dtype, name in _NAMES.items()}
"""The types that can be written, by the name that the format gives them."""

Outline = Mapping[str, tuple[torch.dtype, tuple[int, ...]]]
"""Type and shape of every tensor of a file, by name, in the order in which they are written."""


def write_safetensors(
    path: Path, outline: Outline, tensors: Iterable[torch.Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Writes the new file `path` with the tensors of `outline`; `tensors` gives their values in that order, on the CPU.

    `metadata` are texts that the file says about itself. The file is on the disk when this returns. Raises OSError when
    it cannot be written, and ValueError when a tensor is not as `outline` says or of a type that the format does not
    know.
    """
    write_new(path, safetensors_pieces(outline, tensors, metadata))


def safetensors_pieces(
    outline: Outline, tensors: Iterable[torch.Tensor], metadata: Mapping[str, str] | None = None
) -> Iterator[memoryview]:
    """The content of such a file, the header first, then one piece a tensor. Raises ValueError as above."""
    yield memoryview(_header(outline, metadata or {}))
    for (name, (dtype, shape)), tensor in zip(outline.items(), tensors, strict=True):
        if tensor.dtype != dtype or tuple(tensor.shape) != shape:
            raise ValueError(f"{name} is {tensor.dtype} {tuple(tensor.shape)}, not {dtype} {shape}")
        yield tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data


def _header(outline: Outline, metadata: Mapping[str, str]) -> bytes:
    content: dict[str, object] = {"__metadata__": {"format": "pt", **metadata}}
    position = 0
    for name, (dtype, shape) in outline.items():
        if dtype not in _NAMES:
            raise ValueError(f"{name} is of the type {dtype}, which safetensors does not know")
        end = position + torch.Size(shape).numel() * dtype.itemsize
        content[name] = {"dtype": _NAMES[dtype], "shape": list(shape), "data_offsets": [position, end]}
        position = end
    raw = json.dumps(content, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    return len(raw).to_bytes(8, "little") + raw
