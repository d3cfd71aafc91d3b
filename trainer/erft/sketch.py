"""A short stand-in for a long residual that nearly keeps angles: finds the likely nearest without reading all."""

import math

import numpy as np

from trainer.erft.quantized import TINY, Floats

BUCKETS = 4096
_FEWEST_BUCKETS = 256
_VALUES_PER_BUCKET = 8  # a short residual gets a short sketch, else its sketch would be as large as itself
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
        self._signs = np.random.RandomState(_SEED).choice(np.array([-1, 1], np.float32), values)
        self._padded = np.zeros(-(-values // self.buckets) * self.buckets, np.float32)

    def of(self, residual: Floats) -> Floats:
        """The sketch [buckets] of a residual, scaled to length 1 (0 for a residual of zeros)."""
        flat = residual.reshape(-1)
        np.multiply(flat, self._signs, out=self._padded[: len(flat)])
        sketch: Floats = self._padded.reshape(-1, self.buckets).sum(0)
        return sketch / np.float32(max(length(sketch), float(TINY)))


def length(values: Floats) -> float:
    """The L2 norm of all values."""
    flat = values.reshape(-1)
    return math.sqrt(flat @ flat)
