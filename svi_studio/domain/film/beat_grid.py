"""Beats as they are chosen: found, twice or half as many, between the others, or tapped by somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from svi_studio.domain.film.sound_time import SAMPLE_RATE

SLOWEST, FASTEST = 40.0, 240.0
"""Beats a minute that anybody would count."""


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats in samples, and their tempo in beats a minute; none where there is no beat."""

    places: tuple[int, ...] = ()
    bpm: float = 0.0


def twice(beats: Beats) -> Beats:
    """One more beat in the middle between each two."""
    middles = [(one + two) // 2 for one, two in pairwise(beats.places)]
    return Beats(tuple(sorted((*beats.places, *middles))), beats.bpm * 2)


def half(beats: Beats) -> Beats:
    """Every second beat."""
    return Beats(beats.places[::2], beats.bpm / 2)


def shifted(beats: Beats) -> Beats:
    """Each beat half a beat later; the last one goes."""
    return Beats(tuple((one + two) // 2 for one, two in pairwise(beats.places)), beats.bpm)


def tapped(taps: Sequence[float], samples: int) -> Beats:
    """The beats of somebody who tapped along, from one end of ``samples`` to the other; ``taps`` in seconds of sound.

    Even ones, of the tempo and the place that fit the taps best; a tap that was left out or doubled does no harm.
    Fewer than three taps are no beat.
    """
    times = sorted(taps)
    steps = [two - one for one, two in pairwise(times) if two - one > 0.1]
    if len(steps) < 2:
        return Beats()
    step, first = _fitted([round((time - times[0]) / median(steps)) for time in times], times)
    if not SLOWEST / 2 <= 60 / step <= FASTEST * 2:
        return Beats()
    start = first - int(first / step) * step
    count = max(0, int((samples / SAMPLE_RATE - start) / step) + 1)
    places = (round((start + number * step) * SAMPLE_RATE) for number in range(count))
    return Beats(tuple(place for place in places if 0 <= place < samples), 60 / step)


def _fitted(numbers: Sequence[int], times: Sequence[float]) -> tuple[float, float]:
    """The step and the start of the straight line through them (least squares)."""
    middle, centre = fmean(numbers), fmean(times)
    spread = sum((number - middle) ** 2 for number in numbers)
    step = sum((number - middle) * (time - centre) for number, time in zip(numbers, times, strict=True)) / spread
    return step, centre - step * middle
