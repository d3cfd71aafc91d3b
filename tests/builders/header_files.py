"""Writes small safetensors files by hand, right or wrong on purpose, without torch."""

import json
from pathlib import Path
from typing import Any


def write_safetensors(path: Path, header: Any, data: bytes = b"", *, length: int | None = None) -> Path:
    """A file with this `header` (an object or raw bytes) and `data`; `length` overrides the header length it claims."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((len(raw) if length is None else length).to_bytes(8, "little") + raw + data)
    return path


def entry(shape: list[int], start: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    """One tensor's entry in a header."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
