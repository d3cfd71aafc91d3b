"""Durations, sizes and lists of clips in plain words."""

from collections.abc import Iterable


def as_duration(seconds: float) -> str:
    """``0.8 s``, ``42 s``, ``3 min 5 s`` or ``2 h 10 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def as_bytes(count: float) -> str:
    """``10 bytes``, ``4 kB``, ``512 MB`` or ``1.5 GB``, in powers of ten."""
    if 0 < count < 1e3:
        return plural(round(count), "byte")
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def plural(count: int, noun: str) -> str:
    """``1 clip``, ``2 clips``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def as_ranges(indexes: Iterable[int]) -> str:
    """Clips counted from 0 as ranges counted from 1: ``1-3, 7``."""
    found = runs(sorted(index + 1 for index in indexes))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Sorted ``numbers`` as stretches ``(first, last)`` without gaps, both inclusive."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
