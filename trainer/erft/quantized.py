"""Residuals as 8-bit integers with one scale a channel: a quarter of float32, with an error of about 1 % of the RMS."""

import torch
from torch import Tensor

_LARGEST = 127.0


def quantize(residual: Tensor) -> tuple[Tensor, Tensor]:
    """A float32 residual [C, T, h, w] as int8 values of the same shape and float32 scales [C].

    The scale of a channel is its largest magnitude / 127; that of a channel of zeros is 0. What is not finite makes a
    scale that is not finite.
    """
    channels = residual.flatten(1)
    scales = channels.abs().amax(1) / _LARGEST
    steps = scales.clamp_min(torch.finfo(torch.float32).tiny)
    return (channels / steps[:, None]).round_().to(torch.int8).view(residual.shape), scales


def dequantize(values: Tensor, scales: Tensor) -> Tensor:
    """The residual [C, T, h, w], float32, that int8 values and scales [C] stand for."""
    residual = values.to(torch.float32)
    residual.flatten(1).mul_(scales[:, None])
    return residual


def inner_product(values: Tensor, scales: Tensor, other: Tensor) -> float:
    """The inner product of a quantized residual and a float32 one of the same shape [C, T, h, w]."""
    by_channel = torch.linalg.vecdot(values.flatten(1).to(torch.float32), other.flatten(1))
    return float(by_channel.dot(scales))
