"""A weight as its file stores it, in a third or half of the memory, and the values that it stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from svi_studio.engine.loading.gguf_blocks import block_values
from svi_studio.weights.gguf_types import BLOCKS

FP8_DTYPES = {"F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}
_AT_ONCE = 1 << 22
"""Values that are computed at a time: what is needed on the way has several times the size of the result."""


@dataclass(frozen=True)
class QuantisedWeight:
    """`raw` is the file's bytes (uint8, flat), `format` how to read them: `F8_E4M3`, `F8_E5M2` or a kind of GGUF.

    `shape` is the weight's own. Of fp8, `scale` is float32, [] for the whole weight or [rows] for each of its rows,
    None for plain numbers. Everything lies on one device.
    """

    raw: Tensor
    format: str
    shape: tuple[int, ...]
    scale: Tensor | None = None

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.raw.nbytes + (self.scale.nbytes if self.scale is not None else 0)

    def dequantised(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """Its values in its shape: computed in float32 (fp8: `float(raw) * scale`), then rounded once to `dtype`."""
        if self.format in FP8_DTYPES:
            return self._of_fp8(dtype)
        kind = BLOCKS[self.format]
        blocks = self.raw.reshape(-1, kind.size)
        values = torch.empty(len(blocks), kind.values, dtype=dtype, device=self.raw.device)
        step = max(_AT_ONCE // kind.values, 1)
        for start in range(0, len(blocks), step):
            values[start : start + step] = block_values(self.format, blocks[start : start + step])
        return values.reshape(self.shape)

    def to(self, device: torch.device | str) -> QuantisedWeight:
        """The same on `device`."""
        scale = self.scale.to(device) if self.scale is not None else None
        return replace(self, raw=self.raw.to(device), scale=scale)

    def _of_fp8(self, dtype: torch.dtype) -> Tensor:
        rows = self.shape[0] if self.shape else 1
        stored = self.raw.view(FP8_DTYPES[self.format]).reshape(rows, -1)
        values = torch.empty(stored.shape, dtype=dtype, device=self.raw.device)
        step = max(_AT_ONCE // max(stored.shape[1], 1), 1)
        for start in range(0, rows, step):
            part = stored[start : start + step].float()
            if self.scale is not None:
                part = part * (self.scale[start : start + step, None] if self.scale.ndim else self.scale)
            values[start : start + step] = part
        return values.reshape(self.shape)

    def __post_init__(self) -> None:
        kind = BLOCKS.get(self.format)
        values, size = (kind.values, kind.size) if kind else (1, 1)
        if self.raw.numel() * values != math.prod(self.shape) * size:
            raise ValueError(f"{self.raw.numel()} bytes are no {self.format} of the shape {self.shape}")
