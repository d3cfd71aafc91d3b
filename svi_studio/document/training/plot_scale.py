"""Where numbers land on a plot: round tick marks, bounds that hold all points, a line without its jitter."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE_STEPS = (1.0, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from ``low`` to ``high``; never empty."""

    low: float
    high: float

    def part(self, value: float) -> float:
        """Where ``value`` lies: 0 at ``low``, 1 at ``high``."""
        return (value - self.low) / (self.high - self.low)

    def value(self, part: float) -> float:
        """The number at ``part``, the inverse of ``part``."""
        return self.low + part * (self.high - self.low)


def span_of(values: Sequence[float], *, floor: float | None = None, least: float = 1e-9) -> Span:
    """Bounds around the finite ``values`` with a little air; ``floor`` is in, too; at least ``least`` wide."""
    finite = [value for value in values if math.isfinite(value)]
    if floor is not None:
        finite.append(floor)
    if not finite:
        return Span(0.0, 1.0)
    low, high = min(finite), max(finite)
    room = max(high - low, least, abs(high) * 1e-6)
    middle = (low + high) / 2
    low, high = middle - room / 2, middle + room / 2
    air = 0.06 * room
    return Span(low if floor is not None and low >= floor else low - air, high + air)


def ticks(span: Span, most: int = 5, *, whole: bool = False) -> list[float]:
    """At most ``most`` + 1 round numbers inside ``span``, evenly apart; ``whole`` ones only, such as counts."""
    rough = (span.high - span.low) / max(1, most)
    if whole:
        rough = max(1.0, rough)
    size = 10.0 ** math.floor(math.log10(rough))
    steps = [size * each for each in (_WHOLE_STEPS if whole else _STEPS)]
    step = next(each for each in steps if each >= rough * (1 - 1e-9))
    first = math.ceil(span.low / step - 1e-9)
    last = math.floor(span.high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def tick_text(value: float, span: Span) -> str:
    """``value`` as short as the distance of ticks in ``span`` allows: ``0.25``, ``1,500``, ``2e-5``."""
    room = span.high - span.low
    if value == 0:
        return "0"
    if abs(value) < 1e-3 or abs(value) >= 1e7:
        mantissa, _, exponent = f"{value:.2g}".partition("e")
        return f"{mantissa}e{int(exponent)}" if exponent else mantissa
    decimals = max(0, 1 - math.floor(math.log10(room / 2.5))) if room < 25 else 0
    text = f"{value:,.{min(decimals, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def smooth(values: Sequence[float], share: float = 0.04) -> list[float]:
    """The running mean over the last ``share`` of all points (at least 1), which follows and never looks ahead."""
    window = max(1, round(len(values) * share))
    total, result = 0.0, []
    for place, value in enumerate(values):
        total += value
        if place >= window:
            total -= values[place - window]
        result.append(total / min(place + 1, window))
    return result


def thinned(values: Sequence[float], most: int) -> list[tuple[int, float]]:
    """At most ``most`` points (index, value) that keep every peak and valley: two for each of the stretches."""
    if len(values) <= most:
        return list(enumerate(values))
    stretches = max(1, most // 2)
    kept: list[tuple[int, float]] = []
    for place in range(stretches):
        first = place * len(values) // stretches
        part = range(first, (place + 1) * len(values) // stretches)
        ends = {min(part, key=values.__getitem__), max(part, key=values.__getitem__)}
        kept.extend((index, values[index]) for index in sorted(ends))
    return kept
