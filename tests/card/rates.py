"""What the card itself can do in this run: products of matrices, and copies to it. The rest is compared with that."""

from dataclasses import dataclass

import torch

from tests.card.row import Row
from tests.card.size import CardSize
from tests.card.stopwatch import timed

_COPIED = 1 << 30


@dataclass(frozen=True)
class Rates:
    """``product``: operations a second of bfloat16 matrices. ``copy``: bytes a second from pinned memory."""

    product: float
    copy: float

    def rows(self) -> list[Row]:
        """For the table."""
        return [
            Row("products of bfloat16 matrices", f"{self.product / 1e12:.3g} TFLOP/s"),
            Row("copies to the card from pinned memory", f"{self.copy / 1e9:.3g} GB/s"),
        ]


def measured_rates(size: CardSize, device: torch.device) -> Rates:
    """Takes a second or two."""
    left, right = (torch.randn(size.product, size.product, device=device).bfloat16() for _ in range(2))
    product = timed(lambda: left @ right, device, rounds=9, warm=3).seconds
    count = _COPIED if device.type == "cuda" else size.product**2
    source = torch.empty(count, dtype=torch.uint8, pin_memory=device.type == "cuda")
    target = torch.empty(count, dtype=torch.uint8, device=device)
    copy = timed(lambda: target.copy_(source, non_blocking=True), device, rounds=5).seconds
    return Rates(2 * size.product**3 / product, count / copy)
