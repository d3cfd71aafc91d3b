"""Texts in messages: half characters, as names of files may have, and endless sentences are told as far as they go."""

from pathlib import Path
from typing import Annotated

from pydantic import PlainSerializer

MAX_SENTENCE = 4000


def told(text: str | Path) -> str:
    """``text`` as a message has it: at most 4,000 characters, all of them whole."""
    whole = str(text).encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= MAX_SENTENCE else f"{whole[: MAX_SENTENCE - 1]}…"


Told = Annotated[str, PlainSerializer(told)]
"""A sentence or a name, which a message shortens on its way."""

ToldPath = Annotated[Path, PlainSerializer(told)]
