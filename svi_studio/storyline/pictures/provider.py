"""What a picture search asks of a provider, and how the answer of one is read and judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from svi_studio.domain.errors import StudioError
from svi_studio.storyline.net.guarded_client import GuardedClient, Reply, guarded_client
from svi_studio.storyline.pictures.found import FoundPicture

LIST_SECONDS = 20.0
LIST_BYTES = 2_000_000
PAGE_SIZE = 20  # the most that Openverse gives without an account

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
    """Ask ``address`` for JSON. Raises ProviderFault with a sentence that begins with ``name``, NetError, Stopped."""
    reply = client.get(address, params=params, accept="application/json", cancelled=cancelled)
    _check_status(reply, name)
    try:
        return kind.model_validate_json(reply.content)
    except ValidationError as error:
        raise ProviderFault(f"{name} answered with something that is no list of pictures: try again later.") from error


def sound_entries(entries: Iterable[Any], kind: type[M]) -> Iterator[M]:
    """The entries that are what they should be; one bad entry never costs the others."""
    for entry in entries:
        try:
            yield kind.model_validate(entry)
        except ValidationError:
            continue


def _check_status(reply: Reply, name: str) -> None:
    if reply.status == 429:
        raise ProviderFault(f"{name} has had too many searches from here: wait a minute and search again.")
    if reply.status >= 500:
        raise ProviderFault(f"{name} is out of order just now (its error {reply.status}): try again later.")
    if reply.status != 200:
        raise ProviderFault(f"{name} refused the search (its error {reply.status}): try other words.")
    if reply.kind != "application/json":
        raise ProviderFault(
            f"Instead of {name} a web page answered: if this network asks you to sign in, do that and search again."
        )
