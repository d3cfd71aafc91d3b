"""Openverse, a search over many collections of openly licensed pictures (https://api.openverse.org/v1/)."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError

from svi_studio.domain.pictures.found_picture import FoundPicture
from svi_studio.net.guarded_client import GuardedClient
from svi_studio.storyline.pictures.plain_words import plain_words
from svi_studio.storyline.pictures.provider import (
    PAGE_SIZE,
    Answer,
    Entries,
    Found,
    Words,
    list_client,
    read_answer,
    sound_entries,
)

ADDRESS = "https://api.openverse.org/v1/images/"
_LICENCES: Final[Mapping[str, str]] = {
    "by": "CC BY",
    "by-sa": "CC BY-SA",
    "cc0": "CC0",
    "pdm": "Public Domain Mark",
}
"""Those under which a film made from the picture may be shown anywhere: nothing that forbids changes or sales."""


class _List(Answer):
    results: Entries
    page_count: int = 0


class _Entry(Answer):
    title: Words | None = None
    creator: Words | None = None
    license: Words
    license_version: Words | None = None
    license_url: Words | None = None
    foreign_landing_url: Words | None = None
    url: Words
    thumbnail: Words
    width: int | None = None
    height: int | None = None


class Openverse:
    """Openverse, asked without an account."""

    name = "Openverse"

    def __init__(self, client: GuardedClient | None = None, address: str = ADDRESS) -> None:
        """``client``: None = one for public servers; ``address`` is that of the list of pictures."""
        self._client = client or list_client()
        self._address = address

    def find(self, words: str, page: int, cancelled: Callable[[], bool]) -> Found:
        """The page ``page`` (from 1) for ``words``. Raises NetError, ProviderFault or Stopped."""
        params = {
            "q": words,
            "page": str(page),
            "page_size": str(PAGE_SIZE),
            "license": ",".join(_LICENCES),
            "extension": "jpg,jpeg,png,webp",
            "mature": "false",
        }
        answer = read_answer(self._client, self.name, self._address, params, kind=_List, cancelled=cancelled)
        pictures = (_picture(entry) for entry in sound_entries(answer.results, _Entry))
        return Found(tuple(picture for picture in pictures if picture is not None), page < answer.page_count)


def _picture(entry: _Entry) -> FoundPicture | None:
    if entry.license not in _LICENCES:
        return None
    try:
        return FoundPicture(
            provider=Openverse.name,
            title=plain_words(entry.title or "") or "Untitled",
            author=plain_words(entry.creator or ""),
            licence=f"{_LICENCES[entry.license]} {plain_words(entry.license_version or '', 10)}".strip(),
            licence_url=entry.license_url or "",
            source_url=entry.foreign_landing_url or "",
            thumbnail_url=entry.thumbnail,
            picture_url=entry.url,
            width=entry.width or 0,
            height=entry.height or 0,
        )
    except ValidationError:
        return None
