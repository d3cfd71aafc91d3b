"""What to do when a chat server refuses a request: ask in a way that it understands, or say why it refuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from svi_studio.domain.text.wording import as_duration
from svi_studio.net.retry_after import retry_seconds
from svi_studio.storyline.server.chat_events import Speaker, error_words
from svi_studio.storyline.server.chat_request import Dialect
from svi_studio.storyline.story_errors import NoAnswer

_PICTURES = re.compile(r"image|vision|multi-?modal|mmproj", re.IGNORECASE)
_FORM = re.compile(r"response_format|json_schema|json_object|schema|grammar|structured", re.IGNORECASE)
_BOUND = re.compile(r"max_?length|(min|max)_?items|repetition|keyword", re.IGNORECASE)
_LIMIT = re.compile(r"max_(completion_)?tokens", re.IGNORECASE)
_OVERFLOW = re.compile(
    r"context[ _]?(length|size|window)|exceed_context|context the overflows|too many (input )?tokens|n_ctx"
    r"|reduce the length|(token|input) (count|length).{0,40}exceeds|max_new_tokens.{0,12}must be"
    r"|(prompt|input|request|conversation)\b.{0,40}(is )?too (long|large)|maximum number of tokens"
    r"|prompt contains \d+ tokens",
    re.IGNORECASE | re.DOTALL,
)
_LOADING = re.compile(
    r"\bloading\b|being loaded|not (yet )?(loaded|ready)|warm(ing)?[ -]?up|starting|estimated_time", re.IGNORECASE
)
_SEED = re.compile(r"\bseed\b", re.IGNORECASE)
_MISUNDERSTOOD = (400, 415, 422)
_FAULTS = (500, 501)  # some servers answer a picture or a schema with a fault of their own
_BUSY = (429, 503)  # too many requests; the model is being loaded
_TOO_LONG = (400, 413, 422, 500)
_DEFAULT_WAIT_S = 2.0
MAX_WAIT_S = 60.0
_DAY_S = 86_400.0
_REASONS = {
    402: "wants to be paid first: look at your account there",
    413: "finds the request too long: use fewer or smaller pictures",
    429: "has too many requests",
    503: "is busy, or still loads the model",
}


def simpler_dialect(status: int, content: bytes, dialect: Dialect, has_pictures: bool) -> Dialect | None:
    """How to ask again after a refusal; None when asking differently is no use.

    Servers name what they do not understand; one that names nothing is asked without the form first, then without
    pictures.
    """
    if status not in _MISUNDERSTOOD + _FAULTS:
        return None
    words = _beginning(content)
    sees = has_pictures and dialect.sees_pictures
    if sees and _PICTURES.search(words):
        return replace(dialect, sees_pictures=False)
    simpler = (dialect.without_bounds() if _BOUND.search(words) else None) or dialect.with_simpler_form()
    if status in _FAULTS:
        return simpler if _FORM.search(words) else None
    if dialect.limit and _LIMIT.search(words):
        return dialect.with_other_limit()
    if dialect.takes_seed and _SEED.search(words):
        return replace(dialect, takes_seed=False)
    return simpler or (replace(dialect, sees_pictures=False) if sees else None)


def is_too_long(status: int, content: bytes) -> bool:
    """Whether the server refuses a request because it and its answer do not fit into the model's context."""
    return status in _TOO_LONG and _OVERFLOW.search(_beginning(content)) is not None


def is_loading(status: int, content: bytes) -> bool:
    """Whether the server says that the model is still being loaded."""
    return status == 503 and _LOADING.search(_beginning(content)) is not None


def _beginning(content: bytes) -> str:
    return content[: 16 << 10].decode("utf-8", "replace")


def wait_wanted(status: int, headers: Mapping[str, str]) -> float | None:
    """The seconds, 0 to 60, after which a busy server may be asked once more; None when waiting is no use."""
    if status not in _BUSY:
        return None
    asked = retry_seconds(headers.get("retry-after", ""))
    seconds = _DEFAULT_WAIT_S if asked is None else asked
    return seconds if seconds <= MAX_WAIT_S else None


@dataclass(frozen=True)
class Addressee:
    """Whom a request went to: the server, the model there, and whether a key went with it."""

    speaker: Speaker
    model: str
    has_key: bool


def refusal(status: int, headers: Mapping[str, str], content: bytes, to: Addressee) -> NoAnswer:
    """Why a server does not answer, in one sentence that tells what to do."""
    words = error_words(content, to.speaker)
    said = f' It says "{words}".' if words else ""
    return to.speaker.failed(_sentence(status, headers, words, to) + said, content.decode("utf-8", "replace"))


def _sentence(status: int, headers: Mapping[str, str], words: str, to: Addressee) -> str:
    if status == 404:
        if "model" in words.lower():
            return f'has no model "{to.model}": choose one of its list.'
        return "has no chat at this address: check it, it often ends in /v1."
    if status in (401, 403):
        what = "refused the key: set the right one" if to.has_key else "wants a key: set one"
        return f"{what} for this server."
    if status in _BUSY:
        return f"{_REASONS[status]}: try again {_later(headers)}."
    if status >= 500:
        return f"has a fault of its own ({status}): try again later, or look at its log."
    return f"{_REASONS.get(status, f'refused the request ({status}): check the model and its settings')}."


def _later(headers: Mapping[str, str]) -> str:
    seconds = retry_seconds(headers.get("retry-after", ""))
    return f"in {as_duration(seconds)}" if seconds is not None and 1 <= seconds <= _DAY_S else "later"
