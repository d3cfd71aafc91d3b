"""The rows of the table, and the table."""

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("What", "Result", "Goal", "Holds")


@dataclass(frozen=True)
class Row:
    """One measured thing. ``goal`` in words, and whether it ``holds``; None where there is no goal, or no answer."""

    what: str
    result: str
    goal: str = ""
    holds: bool | None = None


def limited(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> Row:
    """A row of a number that has to be at most, or at least, ``limit``."""
    holds = value >= limit if at_least else value <= limit
    return Row(what, f"{value:.3g} {unit}".strip(), f"{'>=' if at_least else '<='} {limit:g} {unit}".strip(), holds)


def table(rows: Iterable[Row]) -> str:
    """In Markdown."""
    lines = [HEAD, tuple("---" for _ in HEAD)]
    lines += [(row.what, row.result, row.goal, {None: "", True: "yes", False: "**no**"}[row.holds]) for row in rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
