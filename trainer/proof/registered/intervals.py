"""Intervals over trainings and films by Student's t: an arm is neither its few trainings nor its films.

What films bring to the variance of a mean and what trainings bring are each estimated from their own spread. Trainings
of two arms together have the degrees of freedom of Welch (Biometrika 34, 1947); the squared half widths of both are
added (Banerjee, Sankhya 22, 1960), which covers at least as much as it says. What films and trainings do together is
counted in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL: Final = 0.95
_POINTS: Final = 4001  # of the integral of Student's density

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Interval:
    """A mean and the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether all of it lies on one side of nothing."""
        return self.low > 0 or self.high < 0


def interval(values: Values) -> Interval:
    """Of one arm: ``values [trainings, films]``; films to which a figure does not apply (NaN) are left out."""
    whole = values[:, ~np.isnan(values).any(0)]
    return _around(whole.mean(0), [whole])


def difference(ours: Values, theirs: Values) -> Interval:
    """Of two arms that made the same films: ``[trainings, films]`` each, with as many films but any trainings.

    Films are compared pair by pair, trainings are not, though those of one number have the same seed. An arm of
    one training brings the films' spread alone, which its page has to say. Raises ValueError when the films differ.
    """
    if ours.shape[1] != theirs.shape[1]:
        raise ValueError("the arms made different films")
    apply = ~np.isnan(np.concatenate([ours, theirs])).any(0)
    ours, theirs = ours[:, apply], theirs[:, apply]
    return _around(ours.mean(0) - theirs.mean(0), [ours, theirs])


def _around(films: Values, arms: Sequence[Values]) -> Interval:
    """The interval around the mean of ``films``, the means over trainings, of ``arms [trainings, films]``."""
    if len(films) == 0:
        return Interval(np.nan, -np.inf, np.inf)
    mean = float(films.mean())
    if len(films) == 1:  # which says nothing of others
        return Interval(mean, -np.inf, np.inf)
    half = float(np.hypot(_half([films]), _half([arm.mean(1) for arm in arms if len(arm) > 1])))
    return Interval(mean, mean - half, mean + half)


def _half(samples: Sequence[Values]) -> float:
    """Half the width of the interval of the sum of the samples' means, with Welch's degrees of freedom."""
    parts = [float(sample.var(ddof=1)) / len(sample) for sample in samples]
    variance = sum(parts)
    if variance <= 0:
        return 0.0
    freedom = variance**2 / sum(part**2 / (len(sample) - 1) for part, sample in zip(parts, samples, strict=True))
    return float(student(freedom) * variance**0.5)


def student(freedom: float) -> float:
    """So many standard errors lie on each side of a mean: the 97.5 % point of Student's t, ``freedom`` at least 1.

    With t = sqrt(freedom) tan(angle) the density is a power of the cosine, which a sum over angles integrates.
    """
    angles = np.linspace(0, np.pi / 2, _POINTS)
    density = np.cos(angles) ** (freedom - 1)
    below = np.concatenate([[0], np.cumsum(density[1:] + density[:-1])])
    return float(freedom**0.5 * np.tan(np.interp(LEVEL, below / below[-1], angles)))
