"""A short stand-in for a long residual that nearly keeps angles: finds the likely nearest without reading all."""

import torch
from torch import Tensor

BUCKETS = 4096
_VALUES_PER_BUCKET = (
    8  # short residuals get a shorter sketch, else the sketches would be as large as what they stand for
)
_FEWEST_BUCKETS = 256
_SEED = 20_251_024


class CountSketch:
    """Adds the values of a residual, each with a random sign of its own, into a few thousand buckets.

    A count-sketch (Charikar, Chen, Farach-Colton 2002): the inner product of two sketches is that of the residuals,
    with a standard deviation of about |a| |b| / sqrt(buckets). Value number i goes into bucket i modulo the buckets,
    which is as good as a random bucket while the signs are random and the values have no period of that length, and
    four times as fast. The signs follow from the number of values alone, so a sketch can be made again.
    """

    def __init__(self, values: int) -> None:
        self.buckets = BUCKETS
        while self.buckets > _FEWEST_BUCKETS and self.buckets * _VALUES_PER_BUCKET > values:
            self.buckets //= 2
        generator = torch.Generator().manual_seed(_SEED)
        self._signs = torch.randint(0, 2, (values,), generator=generator, dtype=torch.int8).mul_(2).sub_(1)
        self._padded = torch.zeros(-(-values // self.buckets) * self.buckets)

    def of(self, residual: Tensor) -> Tensor:
        """The sketch [buckets] of a float32 residual, scaled to length 1 (0 for a residual of zeros)."""
        flat = residual.flatten()
        torch.mul(flat, self._signs, out=self._padded[: len(flat)])
        sketch = self._padded.view(-1, self.buckets).sum(0)
        return sketch / sketch.norm().clamp_min(torch.finfo(torch.float32).tiny)
