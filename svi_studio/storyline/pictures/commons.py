"""Wikimedia Commons, asked through MediaWiki's API (https://commons.wikimedia.org/w/api.php)."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from svi_studio.domain.pictures.found_picture import FoundPicture
from svi_studio.media.images import MAX_PIXELS
from svi_studio.net.guarded_client import GuardedClient
from svi_studio.storyline.pictures.fetch import KINDS, PICTURE_BYTES
from svi_studio.storyline.pictures.plain_words import plain_words, words_of_html
from svi_studio.storyline.pictures.provider import (
    PAGE_SIZE,
    Answer,
    Entries,
    Found,
    Words,
    list_client,
    no_list,
    read_answer,
    sound_entries,
)

ADDRESS = "https://commons.wikimedia.org/w/api.php"
_THUMBNAIL_PIXELS = 330  # one of the widths that Wikimedia keeps ready
_FILES = 6  # the number of MediaWiki's name space for files
_NOTES = "LicenseShortName|LicenseUrl|Artist|ObjectName|Credit"


class _Query(Answer):
    pages: Entries = Field(default_factory=list)


class _List(Answer):
    query: _Query | None = None
    batchcomplete: Any = None
    resume: dict[str, Any] | None = Field(default=None, alias="continue")


class _Note(Answer):
    value: Words = ""


class _File(Answer):
    url: Words
    thumburl: Words
    descriptionurl: Words = ""
    mime: Words
    size: int
    width: int
    height: int
    extmetadata: dict[str, Any] = Field(default_factory=dict)


class _Page(Answer):
    title: Words
    index: int = 0
    imageinfo: Annotated[list[_File], Field(min_length=1, max_length=10)]


class Commons:
    """Wikimedia Commons, whose files may all be changed and sold; asked without an account."""

    name = "Wikimedia Commons"

    def __init__(self, client: GuardedClient | None = None, address: str = ADDRESS) -> None:
        """``client``: None = one for public servers; ``address`` is that of the API."""
        self._client = client or list_client()
        self._address = address

    def find(self, words: str, page: int, cancelled: Callable[[], bool]) -> Found:
        """The page ``page`` (from 1) for ``words``. Raises NetError, ProviderFault or Stopped."""
        answer = read_answer(
            self._client, self.name, self._address, _params(words, page), kind=_List, cancelled=cancelled
        )
        if answer.query is None and answer.batchcomplete is None and answer.resume is None:
            raise no_list(self.name)
        entries = answer.query.pages if answer.query is not None else ()
        pages = sorted(sound_entries(entries, _Page), key=lambda entry: entry.index)
        pictures = (_picture(entry) for entry in pages)
        return Found(tuple(picture for picture in pictures if picture is not None), answer.resume is not None)


def _params(words: str, page: int) -> dict[str, str]:
    return {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "generator": "search",
        "gsrsearch": f"{words} filetype:bitmap",
        "gsrnamespace": str(_FILES),
        "gsrlimit": str(PAGE_SIZE),
        "gsroffset": str(PAGE_SIZE * (page - 1)),
        "prop": "imageinfo",
        "iiprop": "url|extmetadata|size|mime",
        "iiurlwidth": str(_THUMBNAIL_PIXELS),
        "iiextmetadatafilter": _NOTES,
    }


def _picture(page: _Page) -> FoundPicture | None:
    file = page.imageinfo[0]
    licence = _note(file.extmetadata, "LicenseShortName")
    if not licence or not _is_usable(file):
        return None
    name = page.title.partition(":")[2].rpartition(".")[0]
    try:
        return FoundPicture(
            provider=Commons.name,
            title=_note(file.extmetadata, "ObjectName") or plain_words(name) or "Untitled",
            author=_note(file.extmetadata, "Artist") or _note(file.extmetadata, "Credit"),
            licence=licence,
            licence_url=_note(file.extmetadata, "LicenseUrl", 2000),
            source_url=file.descriptionurl,
            thumbnail_url=file.thumburl,
            picture_url=file.url,
            width=file.width,
            height=file.height,
        )
    except ValidationError:
        return None


def _is_usable(file: _File) -> bool:
    """Whether the file could be fetched at all: its kind, its bytes, its pixels."""
    return file.mime in KINDS and 0 < file.size <= PICTURE_BYTES and 0 < file.width * file.height <= MAX_PIXELS


def _note(notes: Mapping[str, Any], name: str, most: int = 500) -> str:
    try:
        return words_of_html(_Note.model_validate(notes.get(name, {})).value, most)
    except ValidationError:
        return ""
