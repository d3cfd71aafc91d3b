"""JSON and lines of text from a stranger: no NaN, no double keys, no depth, no control or hidden characters."""

import json
import re
import unicodedata
from typing import Any, NoReturn

MAX_DEPTH = 16
_BRACKETS = re.compile(r"[{\[]")
_SPACES = re.compile(r"\s+")
_TAGS = range(0xE0000, 0xE0080)  # letters that no screen shows
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # that make a text look like another


class StrictError(ValueError):
    """What is wrong, as a phrase for the model and the user."""


def strict_json(text: str) -> Any:
    """The JSON value ``text``. Raises StrictError for anything that two readers could understand differently."""
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_double_keys)
    except StrictError:
        raise
    except RecursionError as error:
        raise StrictError("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise StrictError(f"it is not JSON ({error.msg.lower()})") from error
    except ValueError as error:
        raise StrictError("a number in it is too long") from error
    if _depth(value) > MAX_DEPTH:
        raise StrictError("it is nested too deeply")
    return value


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


def _no_constant(name: str) -> NoReturn:
    raise StrictError(f"{name} is not a number")


def _no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise StrictError("a name stands twice in one object")
    return document


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        level = [child for node in level if isinstance(node, dict | list) for child in _children(node)]
        depth += 1
    return depth


def _children(node: dict[str, Any] | list[Any]) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node


def shown_line(text: str, limit: int) -> str:
    """A stranger's words inside a sentence of ours: one line, nothing hidden in it, at most ``limit`` characters."""
    kept = "".join(char for char in text[: 8 * limit] if char.isspace() or not _is_hidden(char))
    line = _SPACES.sub(" ", kept).strip().replace('"', "'")
    return line if len(line) <= limit else line[: limit - 1] + "…"
