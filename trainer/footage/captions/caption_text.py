"""The text of captions on disk: in the encodings that people have, on one line, no longer than a caption can be."""

import codecs
from collections.abc import Callable
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused

MOST_LETTERS = 10_000
_MOST_BYTES = 1 << 40
_FEW = 0.3  # of the letters of a text in a Western language have accents

Remark = Callable[[str], None]
"""Hears a sentence about a text that is used all the same."""


def decoded(path: Path, limit: int, remark: Remark) -> str:
    """The text in ``path``, at most ``limit`` bytes: UTF-8, UTF-16, or Windows' for Western Europe. Raises BadInput."""
    try:
        with open_plain(path, _MOST_BYTES) as file:
            content = file.read(limit + 1)
    except Refused as error:
        raise BadInput(str(error)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not possible"
        raise BadInput(f'"{path}" could not be read ({reason}): check its permissions.') from error
    if len(content) > limit:
        raise BadInput(f'The captions in "{path}" are too long: shorten them.')
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(content) % 2 == 0
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide or not _is_western(content):
            raise BadInput(f'"{path}" is not text in UTF-8: save it again as UTF-8.') from error
    remark(
        f'"{path}" is not in UTF-8 and was read as Western European (cp1252): look at accents, or save it again as '
        "UTF-8."
    )
    return content.decode("cp1252")


def one_line(text: str) -> str:
    """A caption on one line, with single blanks."""
    return " ".join(text.replace("\0", " ").split())


def shortened(text: str, of: str, path: Path, remark: Remark) -> str:
    """The caption ``of`` a video, cut where it is too long for one, which is said."""
    if len(text) <= MOST_LETTERS:
        return text
    remark(
        f'The caption of {of} in "{path}" has {len(text):,} letters: the first {MOST_LETTERS:,} are kept, of which the '
        "model reads the first 512 word pieces."
    )
    return text[:MOST_LETTERS]


def _is_western(content: bytes) -> bool:
    """Whether bytes that are no UTF-8 look like words in a Western language: few accents, no control characters."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    accents = sum(ord(letter) > 127 for letter in letters)
    is_plain = all(letter.isprintable() or letter in "\t\r\n\xa0\xad" for letter in text)
    return is_plain and 0 < accents <= _FEW * len(letters)
