"""Intervals over trainings and films: both are drawn again, since an arm is neither its one training nor its films."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

REPLICATES: Final = 10_000
_SEED: Final = 2026

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
    """Of one arm: ``values [trainings, films]``."""
    return _percentiles(values, _means(values, _films(values), "one"))


def difference(ours: Values, theirs: Values) -> Interval:
    """Of two arms that made the same films: ``[trainings, films]`` each, with as many films but any trainings.

    A replicate draws films once for both arms, and trainings for each by themselves; an arm of one training has the
    films' spread alone, which its page has to say.
    """
    if ours.shape[1] != theirs.shape[1]:
        raise ValueError("the arms made different films")
    films = _films(ours)
    replicates = _means(ours, films, "ours") - _means(theirs, films, "theirs")
    low, high = np.percentile(replicates, [2.5, 97.5])
    return Interval(float(ours.mean() - theirs.mean()), float(low), float(high))


def _films(values: Values) -> npt.NDArray[np.int64]:
    """Which films each replicate has, [replicates, films]."""
    count = values.shape[1]
    return np.random.default_rng(_SEED).integers(0, count, (REPLICATES, count))


def _means(values: Values, films: npt.NDArray[np.int64], arm: str) -> Values:
    """The mean of every replicate, with trainings drawn for it."""
    count = len(values)
    drawn = np.random.default_rng([_SEED, *arm.encode()]).integers(0, count, (REPLICATES, count))
    by_training = np.stack([row[films].mean(1) for row in values])  # [trainings, replicates]
    means: Values = np.take_along_axis(by_training, drawn.T, axis=0).mean(0)
    return means


def _percentiles(values: Values, replicates: Values) -> Interval:
    low, high = np.percentile(replicates, [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))
