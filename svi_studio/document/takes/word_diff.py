"""The difference of two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_WORDS = 1500  # of one text; longer ones are compared as a whole, or it would take seconds
Change = Literal["same", "gone", "new"]
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both have, that is gone, or that is new."""

    change: Change
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """How ``old`` becomes ``new``: put together, all that is not new is ``old``, all that is not gone is ``new``."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        before, after = [old], [new]
    pieces: list[Piece] = []
    for _, start, stop, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        one, other = "".join(before[start:stop]), "".join(after[first:last])
        if one == other:
            pieces.append(Piece("same", one))
            continue
        pieces += [Piece("gone", one)] if one else []
        pieces += [Piece("new", other)] if other else []
    return tuple(pieces)
