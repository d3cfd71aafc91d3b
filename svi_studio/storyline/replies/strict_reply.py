"""JSON and lines of text from a stranger: no NaN, no double keys, no depth, no control or hidden characters."""

import re
import unicodedata
from typing import Any

from svi_studio.domain.text.strict_json import StrictError, strict_json

MAX_DEPTH = 16
_SPACES = re.compile(r"\s+")
_TAGS = range(0xE0000, 0xE0080)  # letters that no screen shows
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # that make a text look like another


def reply_json(text: str) -> Any:
    """The JSON value of an answer or a part of one. Raises StrictError."""
    return strict_json(text, MAX_DEPTH)


def one_line(text: str, limit: int) -> str:
    """``text`` with every run of spaces and line breaks as one space, and otherwise untouched.

    Raises StrictError when it is empty, longer than ``limit`` characters, or holds characters that nobody sees.
    """
    line = _SPACES.sub(" ", text).strip()
    if len(line) > limit:
        raise StrictError(f"it is longer than {limit:,} characters")
    if any(_is_hidden(char) for char in line):
        raise StrictError("it holds control characters or hidden ones")
    if not any(char.isalnum() for char in line):
        raise StrictError("it has no words")
    return line


def _is_hidden(char: str) -> bool:
    code = ord(char)
    is_no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_no_character or code in _TAGS or char in _DIRECTIONS or unicodedata.category(char) in ("Cc", "Cs")


def shown_line(text: str, limit: int) -> str:
    """A stranger's words inside a sentence of ours: one line, nothing hidden in it, at most ``limit`` characters."""
    kept = "".join(char for char in text[: 8 * limit] if char.isspace() or not _is_hidden(char))
    line = _SPACES.sub(" ", kept).strip().replace('"', "'")
    return line if len(line) <= limit else line[: limit - 1] + "…"
