"""The longest common subsequence of two rows, quick also for rows that repeat themselves.

H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004): one bit for every place of the old row, so that a
place of the new one costs a few operations on whole numbers. difflib needs time to the third power where words repeat.
"""

from collections.abc import Hashable, Sequence


def common_places(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places ``(in old, in new)`` of a longest common subsequence, both going up. Memory: len(old) x len(new) bits."""
    start = _same_start(old, new)
    end = _same_start(old[start:][::-1], new[start:][::-1])
    middle = _common_middle(old[start : len(old) - end], new[start : len(new) - end])
    return [
        *((place, place) for place in range(start)),
        *((start + one, start + other) for one, other in middle),
        *((len(old) - place, len(new) - place) for place in range(end, 0, -1)),
    ]


def _same_start(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    pairs = zip(old, new, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _common_middle(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    rows = _rows(old, new)
    found: list[tuple[int, int]] = []
    one, other = len(old), len(new)
    while one and other:
        if rows[other] >> (one - 1) & 1:  # the common subsequence is as long without this place of the old row
            one -= 1
        elif not rows[other - 1] >> (one - 1) & 1:  # and here without this place of the new one
            other -= 1
        else:
            one, other = one - 1, other - 1
            found.append((one, other))
    return found[::-1]


def _rows(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int]:
    """For every start of ``new`` the bits of the places of ``old`` where the common subsequence does not grow."""
    places: dict[Hashable, int] = {}
    for place, word in enumerate(old):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(old)) - 1
    rows = [every]
    for word in new:
        matching = rows[-1] & places.get(word, 0)
        rows.append((rows[-1] + matching | rows[-1] - matching) & every)
    return rows
