"""A credit: who made a picture of the film, under which licence, and where it comes from."""

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from svi_studio.domain.value import RelativePath, ShortText, Value

MOST_CREDITS: Final = 1000


def _web_address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("must be a web address that begins with https://")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in text):
        raise ValueError("must be a web address without spaces and control characters")
    return text


WebAddress = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_web_address)]
"""An address for people to read or to open themselves; empty = none. Nothing in the program opens it."""


class Credit(Value):
    """The source of the picture at ``picture``, a path below the film's folder; ``licence`` is short: ``CC BY 4.0``."""

    picture: RelativePath
    title: ShortText = ""
    author: ShortText = ""
    licence: ShortText = ""
    licence_url: WebAddress = ""
    source_url: WebAddress = ""
    provider: ShortText = ""


def credit_line(credit: Credit) -> str:
    """The credit as one line of plain text: ``"A dog" by Ann (CC BY 4.0, https://...), Openverse, https://...``."""
    title = _one_line(credit.title)
    name = f'"{title}"' if title else "A picture"
    author = f" by {_one_line(credit.author)}" if credit.author.strip() else ""
    licence = ", ".join(part for part in (_one_line(credit.licence), credit.licence_url) if part)
    source = "".join(f", {part}" for part in (_one_line(credit.provider), credit.source_url) if part)
    return f"{name}{author}{f' ({licence})' if licence else ''}{source}"


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
