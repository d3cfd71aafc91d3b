"""Paths in messages between processes of one computer: any name that its disk allows, also one that is no text."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

_AS_BYTES = "\0"
"""Before a path that is told as the hexadecimal digits of its bytes: no path has this character in it."""


def as_text(path: Path) -> str:
    """``path`` as a message has it."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _AS_BYTES + os.fsencode(path).hex()
    return text


def from_text(text: Any) -> Path:
    """The path that ``as_text`` made that text of; a path is one already. Raises ValueError."""
    if isinstance(text, Path):
        return text
    if not isinstance(text, str):
        raise ValueError("this must be a path")
    if text.startswith(_AS_BYTES):
        return Path(os.fsdecode(bytes.fromhex(text.removeprefix(_AS_BYTES))))
    return Path(text)


SentPath = Annotated[Path, PlainValidator(from_text), PlainSerializer(as_text, when_used="json")]
