"""Whether takes were computed by computers that round alike: only then a clip made again has the same pixels."""

from collections.abc import Mapping, Sequence
from typing import Final

from svi_studio.domain.text.wording import as_ranges

DEVICE: Final = "device"
ARITHMETIC: Final = "arithmetic"
"""What a take says about that, beside the versions of its libraries; takes of version 0.1 do not say it."""


def mixed_arithmetic(records: Mapping[int, Mapping[str, str]]) -> str | None:
    """One sentence when clips were not all computed alike; None when they were, as far as they say.

    ``records`` are the ``library_versions`` of the takes, by the index of their clip.
    """
    groups: dict[str, list[int]] = {}
    for index, record in sorted(records.items()):
        if ARITHMETIC in record:
            groups.setdefault(record[ARITHMETIC], []).append(index)
    if len(groups) < 2:
        return None
    first, second, *others = groups.values()
    made, then = _unlike(records[first[0]], records[second[0]])
    more = f", and {_clips([index for group in others for index in group])} differently again" if others else ""
    return (
        f"{_clips(first).capitalize()} {_was(first)} computed by {made}, {_clips(second)} by {then}{more}: "
        "such clips differ by a hair, so if a join shows, render the film again on one computer."
    )


def _unlike(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, str]:
    """Both in words, by the first thing in which they differ."""
    for key, words in ((DEVICE, "the {}"), ("torch", "torch {}")):
        if one.get(key) != other.get(key):
            return words.format(one.get(key, "unknown")), words.format(other.get(key, "unknown"))
    return "one computer", "another one of the same kind"


def _clips(indexes: Sequence[int]) -> str:
    return f"{'clip' if len(indexes) == 1 else 'clips'} {as_ranges(indexes)}"


def _was(indexes: Sequence[int]) -> str:
    return "was" if len(indexes) == 1 else "were"
