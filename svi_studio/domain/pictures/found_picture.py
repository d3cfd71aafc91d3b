"""A picture that a search found: what it shows, who made it, under which licence, and where it lies."""

from typing import Annotated

from pydantic import Field

from svi_studio.domain.pictures.credit import Credit, WebAddress
from svi_studio.domain.value import ShortText, Value

Pixels = Annotated[int, Field(ge=0, le=1_000_000)]


class FoundPicture(Value):
    """One openly licensed picture. ``width`` and ``height`` are pixels of the whole picture, 0 = unknown.

    All words are plain text of strangers. ``licence`` is short: ``CC BY 4.0``.
    """

    provider: ShortText
    title: ShortText
    author: ShortText = ""
    licence: ShortText
    licence_url: WebAddress = ""
    source_url: WebAddress = ""
    thumbnail_url: WebAddress
    picture_url: WebAddress
    width: Pixels = 0
    height: Pixels = 0


class PicturePage(Value):
    """One page of a search. ``problems``: a sentence each; ``more``: whether a further page may hold pictures."""

    pictures: tuple[FoundPicture, ...] = ()
    problems: tuple[str, ...] = ()
    more: bool = False


def credit_for(picture: FoundPicture, media_path: str) -> Credit:
    """The credit of ``picture`` once it lies in the film's folder at the relative path ``media_path``."""
    return Credit(
        picture=media_path,
        title=picture.title,
        author=picture.author,
        licence=picture.licence,
        licence_url=picture.licence_url,
        source_url=picture.source_url,
        provider=picture.provider,
    )
