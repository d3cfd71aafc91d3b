"""Residuals as 8-bit integers with one scale a channel: a quarter of float32, with an error of about 1 % of the RMS.

In numpy, as the rest of the bank's inside: for the short residuals of a small model its calls cost a third of torch's.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Int8 = NDArray[np.int8]

TINY = np.float32(np.finfo(np.float32).tiny)
_LARGEST = np.float32(127)


def channel_scales(residual: Floats) -> Floats:
    """The scales [C] of a residual [C, N]: each channel's largest magnitude / 127; not finite where a value is not."""
    scales: Floats = np.maximum(residual.max(1), -residual.min(1)) / _LARGEST
    return scales


def quantize(residual: Floats, scales: Floats) -> Int8:
    """A residual [C, N] in steps of its finite `channel_scales`, as int8 [C, N]."""
    steps = residual / np.maximum(scales, TINY)[:, None]
    return np.rint(steps, out=steps).astype(np.int8)


def dequantize(values: Int8, scales: Floats) -> Floats:
    """The residual [C, N] that int8 values [C, N] and scales [C] stand for."""
    residual = values.astype(np.float32)
    residual *= scales[:, None]
    return residual


def inner_products(values: Sequence[Int8], scales: Floats, residual: Floats) -> Floats:
    """The inner products [k] of k quantized residuals, ``values [C * N]`` and ``scales [C]`` each, with one [C, N]."""
    by_channel = [np.einsum("cn,cn->c", one.reshape(residual.shape).astype(np.float32), residual) for one in values]
    products: Floats = np.einsum("kc,kc->k", by_channel, scales)
    return products
