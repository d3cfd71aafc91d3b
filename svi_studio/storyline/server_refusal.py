"""What to do when a chat server refuses a request: ask in a way that it understands, or say why it refuses."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from svi_studio.domain.wording import as_duration
from svi_studio.storyline.chat_events import error_words
from svi_studio.storyline.chat_request import Dialect
from svi_studio.storyline.story_errors import NoAnswer

_PICTURES = re.compile(r"image|vision|multi-?modal|mmproj", re.IGNORECASE)
_FORM = re.compile(r"response_format|json_schema|json_object|schema|grammar|structured", re.IGNORECASE)
_LIMIT = re.compile(r"max_tokens", re.IGNORECASE)
_SEED = re.compile(r"\bseed\b", re.IGNORECASE)
_MISUNDERSTOOD = (400, 415, 422)
_FAULTS = (500, 501)  # some servers answer a picture or a schema with a fault of their own
_BUSY = (429, 503)  # too many requests; the model is being loaded
_DEFAULT_WAIT_S = 2.0
MAX_WAIT_S = 60.0
_REASONS = {
    401: "refused the key: set the right one for this server",
    402: "wants to be paid first: look at your account there",
    403: "refused the key: set the right one for this server",
    413: "finds the request too long: use fewer or smaller pictures",
    429: "has too many requests: try again",
}


def simpler_dialect(status: int, content: bytes, dialect: Dialect, has_pictures: bool) -> Dialect | None:
    """How to ask again after a refusal; None when asking differently is no use.

    Servers name what they do not understand; one that names nothing is asked without the form first, then without
    pictures.
    """
    if status not in _MISUNDERSTOOD + _FAULTS:
        return None
    words = content[: 16 << 10].decode("utf-8", "replace")
    sees = has_pictures and dialect.sees_pictures
    if sees and _PICTURES.search(words):
        return replace(dialect, sees_pictures=False)
    if dialect.limit == "max_tokens" and _LIMIT.search(words) and status in _MISUNDERSTOOD:
        return replace(dialect, limit="max_completion_tokens")
    if dialect.takes_seed and _SEED.search(words) and status in _MISUNDERSTOOD:
        return replace(dialect, takes_seed=False)
    simpler = dialect.with_simpler_form()
    if simpler is not None and (status in _MISUNDERSTOOD or _FORM.search(words)):
        return simpler
    return replace(dialect, sees_pictures=False) if sees and status in _MISUNDERSTOOD else None


def wait_wanted(status: int, headers: Mapping[str, str]) -> float | None:
    """The seconds, 0 to 60, after which a busy server may be asked once more; None when waiting is no use."""
    if status not in _BUSY:
        return None
    seconds = _retry_after(headers.get("retry-after", ""))
    return seconds if seconds <= MAX_WAIT_S else None


def refusal(status: int, headers: Mapping[str, str], content: bytes, server: str, model: str) -> NoAnswer:
    """Why ``server`` does not answer, in one sentence that tells what to do."""
    words = error_words(content)
    said = f' It says "{words}".' if words else ""
    return NoAnswer(_sentence(status, headers, words, server, model) + said, content.decode("utf-8", "replace"))


def _sentence(status: int, headers: Mapping[str, str], words: str, server: str, model: str) -> str:
    if status == 404:
        if "model" in words.lower():
            return f'{server} has no model "{model}": choose one of its list.'
        return f"{server} has no chat at this address: check it, it often ends in /v1."
    if status >= 500:
        return f"{server} has a fault of its own ({status}): try again {_later(headers)}, or look at its log."
    what = _REASONS.get(status, f"refused the request ({status}): check the model and its settings")
    return f"{server} {what}." if status != 429 else f"{server} {what} {_later(headers)}."


def _later(headers: Mapping[str, str]) -> str:
    text = headers.get("retry-after", "")
    return f"in {as_duration(_retry_after(text))}" if text else "later"


def _retry_after(text: str) -> float:
    """Seconds from now, of a number of seconds or a date (RFC 9110, section 10.2.3)."""
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text.strip()):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return _DEFAULT_WAIT_S
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((when - datetime.now(UTC)).total_seconds(), 0.0), 86_400.0)
