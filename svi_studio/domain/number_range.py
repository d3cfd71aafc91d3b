"""The numbers that a box of the window takes."""

from dataclasses import dataclass
from decimal import Decimal

Number = int | float


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbers from ``low`` to ``high``; with ``on_grid`` only ``low + n * step``. ``decimals`` 0 = whole ones."""

    low: Number
    high: Number
    step: Number = 1
    decimals: int = 0
    on_grid: bool = False

    def nearest(self, number: Decimal) -> Number:
        """The number of this range that is closest to ``number``."""
        low, high, step = (Decimal(str(value)) for value in (self.low, self.high, self.step))
        inside = min(max(number, low), high)
        if self.on_grid:
            steps = ((inside - low) / step).to_integral_value()
            inside = min(low + steps * step, low + (high - low) // step * step)
        return float(round(inside, self.decimals)) if self.decimals else int(inside.to_integral_value())
