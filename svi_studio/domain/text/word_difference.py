"""What differs between two prompts, word by word."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from svi_studio.domain.text.common_sequence import common_places

Kind = Literal["same", "old", "new"]


class WordSpan(NamedTuple):
    """A stretch of text that both prompts have, or that only the old or only the new one has."""

    kind: Kind
    text: str


def word_spans(old: str, new: str) -> tuple[WordSpan, ...]:
    """The two prompts as one row of spans.

    The texts of ``same`` and ``old`` in a row are ``old`` exactly, and those of ``same`` and ``new`` are ``new``.
    """
    before, after = _words(old), _words(new)
    spans: list[WordSpan] = []
    last, last_new = 0, 0
    matches = common_places([word for word, _ in before], [word for word, _ in after])
    for place, place_new in [*matches, (len(before), len(after))]:
        spans += _changed(before[last:place], after[last_new:place_new])
        if place < len(before):
            (word, blank), (_, blank_new) = before[place], after[place_new]
            spans += [WordSpan("same", word), *_either(blank, blank_new)]
        last, last_new = place + 1, place_new + 1
    return _joined(spans)


def _words(text: str) -> list[tuple[str, str]]:
    """Words and signs, each with the blanks behind it; the first one is empty and has the blanks before all others."""
    return [("", text[: len(text) - len(text.lstrip())]), *re.findall(r"(\w+|[^\w\s])(\s*)", text)]


def _changed(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> list[WordSpan]:
    """The words that went and came; a blank that ends both of them stays."""
    blank = old[-1][1] if old and new and old[-1][1] == new[-1][1] else ""
    texts = ("".join(word + after for word, after in words) for words in (old, new))
    one, other = (text.removesuffix(blank) for text in texts)
    return [WordSpan("old", one), WordSpan("new", other), WordSpan("same", blank)]


def _either(old: str, new: str) -> list[WordSpan]:
    return [WordSpan("same", old)] if old == new else [WordSpan("old", old), WordSpan("new", new)]


def _joined(spans: Iterable[WordSpan]) -> tuple[WordSpan, ...]:
    """The spans without empty ones; neighbours of one kind are one."""
    found: list[WordSpan] = []
    for kind, text in spans:
        if text and found and found[-1].kind == kind:
            found[-1] = WordSpan(kind, found[-1].text + text)
        elif text:
            found.append(WordSpan(kind, text))
    return tuple(found)
