"""One measured figure and the goal that it is held against."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` must be at most `goal`; `details` are what it was computed from."""

    name: str
    value: float
    goal: float
    unit: str
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "goal": self.goal,
            "unit": self.unit,
            "holds": self.value <= self.goal,
            "details": self.details,
        }
