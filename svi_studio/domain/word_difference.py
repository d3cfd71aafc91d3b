"""What differs between two prompts, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_MOST_WORDS = 2000  # the search for common words takes their product in the worst case


class WordSpan(NamedTuple):
    """A stretch of text that both prompts have, or that only the old or only the new one has."""

    kind: Literal["same", "old", "new"]
    text: str


def word_spans(old: str, new: str) -> tuple[WordSpan, ...]:
    """The two prompts as one row of spans.

    The texts of ``same`` and ``old`` in a row are ``old`` exactly, and those of ``same`` and ``new`` are ``new``.
    """
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > _MOST_WORDS and old != new:
        return _spans(("old", old), ("new", new))
    found: list[WordSpan] = []
    for kind, start, stop, new_start, new_stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += _spans(("same", "".join(before[start:stop])))
        else:
            found += _spans(("old", "".join(before[start:stop])), ("new", "".join(after[new_start:new_stop])))
    return tuple(found)


def _words(text: str) -> list[str]:
    """Words, signs and blanks; all of them together are the text."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _spans(*texts: tuple[Literal["same", "old", "new"], str]) -> tuple[WordSpan, ...]:
    return tuple(WordSpan(kind, text) for kind, text in texts if text)
