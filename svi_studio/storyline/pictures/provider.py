"""What a picture search asks of a provider, and how the answer of one is read and judged."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.found_picture import FoundPicture
from svi_studio.domain.text.strict_json import StrictError, strict_json
from svi_studio.domain.text.wording import as_duration
from svi_studio.net.guarded_client import GuardedClient, Reply, guarded_client
from svi_studio.net.retry_after import retry_seconds
from svi_studio.storyline.pictures.plain_words import words_of_html

LIST_SECONDS = 20.0
LIST_BYTES = 2_000_000
PAGE_SIZE = 20  # the most that Openverse gives without an account

_MAX_DEPTH = 32
_DAY_S = 86_400.0
_BUSY = re.compile(r"maxlag|ratelimit|readonly|busy|timeout|lag(ged)?\b|throttl|too many|temporar", re.IGNORECASE)

M = TypeVar("M", bound="Answer")


class ProviderFault(StudioError):  # noqa: N818 - it says what happened, as all of them do
    """A provider answered with something that is no list of pictures."""


class Found(NamedTuple):
    """One provider's part of a page; ``more`` whether it has a further page."""

    pictures: tuple[FoundPicture, ...]
    more: bool


class Provider(Protocol):
    """A place with openly licensed pictures."""

    @property
    def name(self) -> str:
        """What people call it."""

    def find(self, words: str, page: int, cancelled: Callable[[], bool]) -> Found:
        """The page ``page`` (from 1) for ``words``. Raises NetError, ProviderFault or Stopped."""


class Answer(BaseModel):
    """What is read of an answer: unknown fields are left aside, types are strict, lengths are bounded."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False)


Entries = Annotated[list[Any], Field(max_length=200)]
Words = Annotated[str, Field(max_length=20_000)]


def list_client() -> GuardedClient:
    """The client for lists of pictures: 20 seconds and 2 MB a page."""
    return guarded_client(deadline_s=LIST_SECONDS, max_bytes=LIST_BYTES)


def read_answer(
    client: GuardedClient,
    name: str,
    address: str,
    params: Mapping[str, str],
    *,
    kind: type[M],
    cancelled: Callable[[], bool],
) -> M:
    """Asks ``address`` for JSON. Raises ProviderFault with a sentence that begins with ``name``, NetError, Stopped."""
    reply = client.get(address, params=params, accept="application/json", cancelled=cancelled)
    _check_status(reply, name)
    _check_complaint(reply.content, name)
    try:
        return kind.model_validate_json(reply.content)
    except ValidationError as error:
        raise no_list(name) from error


def no_list(name: str) -> ProviderFault:
    """The error for an answer that neither holds pictures nor says that there are none."""
    return ProviderFault(f"{name} answered with something that is no list of pictures: try again later.")


def sound_entries(entries: Iterable[Any], kind: type[M]) -> Iterator[M]:
    """The entries that are what they should be; one bad entry never costs the others."""
    for entry in entries:
        try:
            yield kind.model_validate(entry)
        except ValidationError:
            continue


def _check_status(reply: Reply, name: str) -> None:
    if reply.status == 429 or (reply.status == 503 and "retry-after" in reply.headers):
        wait = _wait_words(reply.headers.get("retry-after", ""))
        raise ProviderFault(f"{name} has had too many searches from here: {wait} and search again.")
    if reply.status >= 500:
        raise ProviderFault(f"{name} is out of order just now (its error {reply.status}): try again later.")
    if reply.status != 200:
        said = _said(_complaint_in(_document(reply.content)))
        raise ProviderFault(f"{name} refused the search (its error {reply.status}): try other words.{said}")
    if reply.kind != "application/json":
        raise ProviderFault(
            f"Instead of {name} a web page answered: if this network asks you to sign in, do that and search again."
        )


def _check_complaint(content: bytes, name: str) -> None:
    """Some providers answer 200 with an error in the place of pictures; none of them is "nothing found"."""
    complaint = _complaint_in(_document(content))
    if complaint is None:
        return
    if _BUSY.search(f"{complaint.code} {complaint.words}"):
        raise ProviderFault(f"{name} is busy just now: wait a minute and search again.{_said(complaint)}")
    raise ProviderFault(f"{name} could not do this search: try again later, or try other words.{_said(complaint)}")


class _Complaint(NamedTuple):
    code: str
    words: str


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = strict_json(content.decode("utf-8", "replace"), _MAX_DEPTH)
    except StrictError:
        return {}
    return document if isinstance(document, dict) else {}


def _complaint_in(document: Mapping[str, Any]) -> _Complaint | None:
    """What an answer complains of, in the forms of MediaWiki, of its newer errors, and of Openverse."""
    error = document.get("error")
    if not error:
        listed = document.get("errors")
        error = listed[0] if isinstance(listed, list) and listed else None
    if not error and not {"query", "results"} & document.keys():
        error = document.get("detail") or document.get("message") or _warning(document.get("warnings"))
    if not error:
        return None
    fields = error if isinstance(error, dict) else {}
    words = next((fields[key] for key in ("info", "text", "html", "message", "detail") if fields.get(key)), error)
    return _Complaint(str(fields.get("code", "")), words if isinstance(words, str) else "")


def _warning(warnings: Any) -> Any:
    """The first warning of MediaWiki, which keeps them by module."""
    if isinstance(warnings, dict):
        modules = [each for each in warnings.values() if isinstance(each, dict)]
        return next((text for each in modules for text in each.values() if isinstance(text, str)), "")
    return warnings[0] if isinstance(warnings, list) and warnings else ""


def _said(complaint: _Complaint | None) -> str:
    words = words_of_html(complaint.words, 160).replace('"', "'") if complaint is not None else ""
    return f' It says "{words}".' if words else ""


def _wait_words(retry_after: str) -> str:
    """``wait 30 s``, as a busy server wants it; a minute when it does not say how long."""
    seconds = retry_seconds(retry_after)
    return f"wait {as_duration(seconds)}" if seconds is not None and 1 <= seconds <= _DAY_S else "wait a minute"
