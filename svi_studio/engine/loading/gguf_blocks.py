"""Computes the values of GGUF's blocks with torch, on any device, bit for bit as the package `gguf` does with numpy.

The layouts are those of ggml's `block_q*` structures (ggml-common.h) and the arithmetic that of its `dequantize_row_*`:
products and sums in float32, one rounding each, so nothing may be fused.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from svi_studio.weights.gguf_types import BLOCKS


def block_values(kind: str, blocks: Tensor) -> Tensor:
    """The values of `blocks` [n, bytes of a block] (uint8) of `kind`: float32 [n, values of a block]."""
    return _READERS[kind](blocks).reshape(len(blocks), BLOCKS[kind].values)


def _half(part: Tensor) -> Tensor:
    """Two bytes a number [n, 2k] -> float32 [n, k]."""
    return part.contiguous().view(torch.float16).float()


def _signed(part: Tensor) -> Tensor:
    return part.contiguous().view(torch.int8).float()


def _bits(packed: Tensor, width: int, run: int) -> Tensor:
    """Numbers of `width` bits [n, values]: each `run` bytes hold their lowest bits first, then the next, and so on."""
    shifts = torch.arange(0, 8, width, dtype=torch.uint8, device=packed.device)
    parts = packed.reshape(len(packed), -1, 1, run) >> shifts[None, None, :, None]
    return (parts & ((1 << width) - 1)).flatten(1)


def _plain(dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
    return lambda blocks: blocks.contiguous().view(dtype).float()


def _q8_0(blocks: Tensor) -> Tensor:
    return _signed(blocks[:, 2:]) * _half(blocks[:, :2])


def _q4_0(blocks: Tensor) -> Tensor:
    return _half(blocks[:, :2]) * (_bits(blocks[:, 2:], 4, 16).float() - 8)


def _q4_1(blocks: Tensor) -> Tensor:
    return _half(blocks[:, :2]) * _bits(blocks[:, 4:], 4, 16).float() + _half(blocks[:, 2:4])


def _q5_0(blocks: Tensor) -> Tensor:
    return _half(blocks[:, :2]) * (_fives(blocks[:, 2:6], blocks[:, 6:]).float() - 16)


def _q5_1(blocks: Tensor) -> Tensor:
    return _half(blocks[:, :2]) * _fives(blocks[:, 4:8], blocks[:, 8:]).float() + _half(blocks[:, 2:4])


def _fives(high: Tensor, low: Tensor) -> Tensor:
    """32 numbers of five bits: the fifth ones stand in a row in `high`."""
    return _bits(low, 4, 16) | (_bits(high, 1, 1) << 4)


def _q2_k(blocks: Tensor) -> Tensor:
    scales, numbers = blocks[:, :16], _bits(blocks[:, 16:80], 2, 32)
    step = _half(blocks[:, 80:82]) * (scales & 15).float()
    least = _half(blocks[:, 82:84]) * (scales >> 4).float()
    return step[:, :, None] * numbers.reshape(-1, 16, 16).float() - least[:, :, None]


def _q3_k(blocks: Tensor) -> Tensor:
    low, high = _bits(blocks[:, 32:96], 2, 32), _bits(blocks[:, :32], 1, 32)
    scales = _bits(blocks[:, 96:104], 4, 8) | (_bits(blocks[:, 104:108], 2, 4) << 4)
    step = _half(blocks[:, 108:110]) * (scales.float() - 32)
    numbers = low.float() - (high ^ 1).float() * 4  # a bit that is set takes nothing away
    return step[:, :, None] * numbers.reshape(-1, 16, 16)


def _q4_k(blocks: Tensor) -> Tensor:
    return _with_least(blocks, _bits(blocks[:, 16:144], 4, 32))


def _q5_k(blocks: Tensor) -> Tensor:
    return _with_least(blocks, _bits(blocks[:, 48:176], 4, 32) | (_bits(blocks[:, 16:48], 1, 32) << 4))


def _with_least(blocks: Tensor, numbers: Tensor) -> Tensor:
    """`step * number - least` for runs of 32, whose steps and leasts are six bits each in bytes 4 to 15."""
    first, second, third = blocks[:, 4:8], blocks[:, 8:12], blocks[:, 12:16]
    steps = torch.cat([first & 63, (third & 15) | ((first >> 2) & 48)], dim=1)
    leasts = torch.cat([second & 63, (third >> 4) | ((second >> 2) & 48)], dim=1)
    step, least = _half(blocks[:, :2]) * steps.float(), _half(blocks[:, 2:4]) * leasts.float()
    return step[:, :, None] * numbers.reshape(-1, 8, 32).float() - least[:, :, None]


def _q6_k(blocks: Tensor) -> Tensor:
    numbers = _bits(blocks[:, :128], 4, 64) | (_bits(blocks[:, 128:192], 2, 32) << 4)
    step = _half(blocks[:, 208:210]) * _signed(blocks[:, 192:208])
    return step[:, :, None] * (numbers.float() - 32).reshape(-1, 16, 16)


_READERS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "F32": _plain(torch.float32), "F16": _plain(torch.float16), "BF16": _plain(torch.bfloat16),
    "Q8_0": _q8_0, "Q4_0": _q4_0, "Q4_1": _q4_1, "Q5_0": _q5_0, "Q5_1": _q5_1,
    "Q2_K": _q2_k, "Q3_K": _q3_k, "Q4_K": _q4_k, "Q5_K": _q5_k, "Q6_K": _q6_k,
}  # fmt: skip
