"""How this computer rounds: the same with any number of cores, and written into every take."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from svi_studio.domain.takes.arithmetic import ARITHMETIC, DEVICE
from svi_studio.settings import MKL_ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import torch


def round_alike_on_any_cores() -> None:
    """Lets matrix products add up in one order, however many threads share them.

    MKL reads this when it is first used, so it is said before torch is imported. Without it the last bits of a product,
    and with them the pixels of a take, depend on the number of cores.
    """
    MKL_ROUNDING.tell_library()


def arithmetic_of(device: torch.device, dtype: torch.dtype) -> Mapping[str, str]:
    """What rounds the numbers of a take: the name of `device`, and a fingerprint of sums made on it in `dtype`.

    Two takes with equal fingerprints come from computers that round alike, as far as the layers of a network show it.
    """
    return _measured(str(device), dtype)


@cache
def _measured(device: str, dtype: torch.dtype) -> Mapping[str, str]:
    import torch  # noqa: PLC0415 - this module is imported before torch, to set it up

    digest = hashlib.sha256()
    with torch.no_grad():
        for result in _sums(torch.device(device), dtype):
            digest.update(result.float().cpu().contiguous().numpy().tobytes())
    return {DEVICE: _name(torch.device(device)), ARITHMETIC: digest.hexdigest()[:16]}


def _name(device: torch.device) -> str:
    import torch  # noqa: PLC0415

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple graphics"
    return f"processor ({torch.backends.cpu.get_cpu_capability()})"


def _sums(device: torch.device, dtype: torch.dtype) -> Iterator[torch.Tensor]:
    """What a transformer and a decoder do, on small numbers that are equal everywhere.

    The shapes are among those whose sums are known to be split by the number of threads.
    """
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    def numbers(*shape: int) -> torch.Tensor:
        count = torch.Size(shape).numel()
        return ((torch.arange(count) * 7919 % 2003 - 1001) / 997).reshape(shape).to(device, dtype)

    yield functional.linear(numbers(1, 160), numbers(640, 160), numbers(640))
    yield functional.linear(numbers(60, 640), numbers(160, 640))
    yield functional.conv3d(numbers(1, 96, 3, 8, 12).float(), numbers(96, 96, 3, 3, 3).float())
    yield functional.conv2d(numbers(2, 96, 12, 20).float(), numbers(48, 96, 3, 3).float(), padding=1)
    if dtype != torch.float32:  # not MKL computes that, and there the number of threads still counts
        yield functional.linear(numbers(257, 4096), numbers(64, 4096))
        yield functional.conv3d(numbers(1, 384, 4, 30, 52).float(), numbers(192, 384, 3, 1, 1).float())
    heads = numbers(1, 5, 60, 32)
    yield functional.scaled_dot_product_attention(heads, heads.flip(2), heads.flip(3))
    for curve in (functional.silu, functional.gelu, torch.exp, torch.cos):
        yield curve(heads)
    yield functional.layer_norm(heads, (32,))
