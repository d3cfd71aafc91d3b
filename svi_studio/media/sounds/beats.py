"""The beat of a sound: a tempo by autocorrelation, then the best chain of places for it (Ellis, 2007)."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.beat_grid import FASTEST, SLOWEST, Beats
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.sounds.features import HOP, SoundFeatures
from svi_studio.media.sounds.onsets import LATE, between, mean_around

_USUAL, _SPREAD = 120.0, 0.9  # beats a minute, and octaves of tempo to both sides of it
_TIGHT: Final = 100.0
_HOPS_A_MINUTE = 60 * SAMPLE_RATE / HOP
_OFFBEAT = 0.75  # of the beats' growth: as strong between them, they are beats, too
_WEAK = 0.3
_FEWEST = 100  # hops: in less than a second there is no beat

Values = NDArray[np.float32]


def find_beats(features: SoundFeatures) -> Beats:
    """The beats of a sound, whose tempo may waver but not change."""
    envelope = _envelope(features.flux)
    period = _period(envelope)
    if period is None:
        return Beats()
    chain = _without_weak_ends(_chain(envelope, period), envelope)
    if len(chain) < 4:
        return Beats()
    period, chain = _doubled_if_even(envelope, period, chain)
    places = tuple(round((place + between(envelope, place) + LATE) * HOP) for place in chain)
    inside = tuple(place for place in places if 0 <= place <= features.samples)
    steps = [two - one for one, two in pairwise(inside)]
    return Beats(inside, 60 * SAMPLE_RATE / float(np.mean(steps)))


def _envelope(flux: Values) -> Values:
    """What stands out of the growth around it, its strongest places as 1, smoothed over 30 ms."""
    if len(flux) < _FEWEST:
        return np.zeros_like(flux)
    out = np.maximum(flux - mean_around(flux, 50), 0.0)
    top = float(np.percentile(out, 99.5)) if len(out) else 0.0
    if top < 1.0:
        return np.zeros_like(out)
    smooth = np.convolve(np.minimum(out / top, 1.0), np.array([0.25, 0.5, 0.25], np.float32), mode="same")
    return smooth.astype(np.float32)


def _period(envelope: Values) -> float | None:
    """Hops from beat to beat; None where nothing repeats."""
    shortest, longest = (int(_HOPS_A_MINUTE / each) for each in (FASTEST, SLOWEST))
    if len(envelope) < 4 * shortest or not envelope.any():
        return None
    size = 1 << (2 * len(envelope) - 1).bit_length()
    spectrum = np.fft.rfft(envelope, size)
    same = np.fft.irfft(np.abs(spectrum) ** 2, size)[: longest + 2]
    if same[0] <= 0:
        return None
    lags = np.arange(1, len(same))
    prior = np.exp(-0.5 * (np.log2(_HOPS_A_MINUTE / lags / _USUAL) / _SPREAD) ** 2)
    weighed = (same[1:] / same[0] * prior).astype(np.float32)
    weighed[: shortest - 1] = 0
    best = int(np.argmax(weighed))
    return None if same[best + 1] / same[0] < 0.05 else best + 1 + between(weighed, best)


def _chain(envelope: Values, period: float) -> list[int]:
    """The places that are strong and about ``period`` apart: the best sum of both, found from end to start."""
    first, last = max(1, round(period / 2)), max(2, round(period * 2))
    steps = np.arange(last, first - 1, -1)
    cost = -_TIGHT * np.log(steps / period) ** 2
    score = envelope.astype(np.float64) * 50
    from_where = np.full(len(envelope), -1, np.int64)
    for place in range(first, len(envelope)):
        earlier = place - steps
        possible = earlier >= 0
        if not possible.any():
            continue
        sums = score[earlier[possible]] + cost[possible]
        best = int(np.argmax(sums))
        if sums[best] > 0:
            score[place] += sums[best]
            from_where[place] = earlier[possible][best]
    tail = max(0, len(score) - last)
    place = tail + int(np.argmax(score[tail:]))
    chain = []
    while place >= 0:
        chain.append(int(place))
        place = int(from_where[place])
    return chain[::-1]


def _without_weak_ends(chain: list[int], envelope: Values) -> list[int]:
    """Beats before the first sound and behind the last one go."""
    strengths = [_near(envelope, place) for place in chain]
    if not strengths:
        return []
    needed = _WEAK * float(np.median(strengths))
    strong = [number for number, strength in enumerate(strengths) if strength >= max(needed, 0.02)]
    return chain[strong[0] : strong[-1] + 1] if strong else []


def _doubled_if_even(envelope: Values, period: float, chain: list[int]) -> tuple[float, list[int]]:
    """Twice the tempo where it is as strong between the beats as on them: then half of them was left out."""
    if _HOPS_A_MINUTE / period * 2 > FASTEST:
        return period, chain
    on = [_near(envelope, place) for place in chain]
    off = [_near(envelope, round((one + two) / 2)) for one, two in pairwise(chain)]
    if not off or np.mean(off) < _OFFBEAT * np.mean(on):
        return period, chain
    return period / 2, _without_weak_ends(_chain(envelope, period / 2), envelope)


def _near(envelope: Values, place: int) -> float:
    part = envelope[max(0, place - 3) : place + 4]
    return float(part.max()) if len(part) else 0.0
