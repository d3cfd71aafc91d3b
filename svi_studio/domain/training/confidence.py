"""A mean of a few measurements and how sure it is: Student's 95 % confidence interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Two-sided 97.5 % quantiles of Student's t distribution for 1 to 30 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The ``mean`` of ``count`` measurements, and the bounds of its 95 % interval (equal to it for a single one)."""

    mean: float
    low: float
    high: float
    count: int


def estimate(values: Sequence[float]) -> Estimate | None:
    """The estimate from independent ``values``; None without any."""
    count = len(values)
    if not count:
        return None
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, mean, mean, 1)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    half = quantile(count - 1) * spread / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half, count)


def quantile(degrees: int) -> float:
    """97.5 % quantile of Student's t for ``degrees`` >= 1 of freedom; to 0.001."""
    if degrees <= len(_T):
        return _T[degrees - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
