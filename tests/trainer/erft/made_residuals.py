"""Residuals for the tests of error banks: of seeded noise, or like a network's, smooth and of unlike strength."""

from torch import Generator, Tensor, randn
from torch.nn.functional import interpolate

SHAPE = (16, 3, 6, 10)  # C, T, h, w


def noise_residuals(count: int, seed: int = 0, shape: tuple[int, ...] = SHAPE) -> Tensor:
    """White noise [count, C, T, h, w]."""
    return randn(count, *shape, generator=Generator().manual_seed(seed))


def smooth_residuals(count: int, seed: int = 0, shape: tuple[int, ...] = SHAPE) -> Tensor:
    """Blobs, each residual of a strength of its own, with some noise on them [count, C, T, h, w]."""
    generator = Generator().manual_seed(seed)
    channels, *size = shape
    coarse = randn(count, channels, *(max(2, side // 3) for side in size), generator=generator)
    strength = randn(count, 1, 1, 1, 1, generator=generator).mul(0.2).exp()
    blobs = interpolate(coarse, size=size, mode="trilinear")
    return strength * (blobs + 0.3 * randn(count, *shape, generator=generator))
