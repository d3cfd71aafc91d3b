"""JSON as language models write it: commas too many, curly or single quotes, raw line breaks, comments.

Only what is whole is read so, and only when it says one thing; the rest is refused as any JSON of a stranger.
"""

import json
import re
from typing import Any

import json_repair

from svi_studio.domain.text.strict_json import NotJsonError, StrictError
from svi_studio.storyline.replies.strict_reply import reply_json

_QUOTES = str.maketrans(dict.fromkeys("„“”«»‟″", '"'))
_NAME = re.compile(r"[\w -]{1,60}")
_MIXED_UP = re.compile(r"""\\u|["'“”]\s*:\s|\{\s*["'“]|["'“](?:prompt|camera|cut)["'”]""")
_NO_WORDS = frozenset(("NaN", "Infinity", "-Infinity", "undefined"))


def loose_json(text: str) -> Any:
    """The value of the whole JSON ``text``, of at most some thousand characters. Raises StrictError."""
    try:
        return reply_json(text)
    except NotJsonError as error:
        return _repaired(text, error)


def _repaired(text: str, error: StrictError) -> Any:
    plain = text if '"' in text else text.translate(_QUOTES)
    try:
        value = json_repair.loads(plain, skip_json_loads=True)
        value = reply_json(json.dumps(value))
    except (ValueError, TypeError, RecursionError):
        raise error from None
    if not isinstance(value, dict | list) or not value or not _is_plain(value):
        raise error
    return value


def _is_plain(value: Any) -> bool:
    """Whether names are names and no text has swallowed the quotes of the next one."""
    if isinstance(value, dict):
        return all(_NAME.fullmatch(name) and _is_plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, str) or (value not in _NO_WORDS and not _MIXED_UP.search(value))
