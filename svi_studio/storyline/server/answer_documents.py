"""The JSON documents in the answer of a chat server: events, lines of JSON, or one document, whatever its head says."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from svi_studio.storyline.server.event_stream import endless, event_data

MAX_DOCUMENT_CHARS = 2_000_000
_MAX_PAGE_CHARS = 2_000  # of a web page that answers instead
_MARKS = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_BLANK = b" \t\r\n\xef\xbb\xbf"


def documents(pieces: Iterable[bytes]) -> Iterator[str]:
    """Each document as text, in order; ``[DONE]`` is one of them. Raises BrokenReply for one without an end."""
    start, rest = _beginning(iter(pieces))
    if start[:1] in (b"{", b"["):
        yield from _json_texts(chain([start], rest))
    elif start[:1] == b"<":
        yield start[:_MAX_PAGE_CHARS].decode("utf-8", "replace")
    else:
        yield from event_data(chain([start], rest))


def _beginning(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes that say something, and what comes behind them."""
    for piece in pieces:
        said = piece.lstrip(_BLANK)
        if said:
            return said, pieces
    return b"", pieces


def _json_texts(pieces: Iterable[bytes]) -> Iterator[str]:
    """One document behind the other, with or without line breaks between and inside them; a rest comes as it is."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text, at, depth, in_text = "", 0, 0, False
    for piece in pieces:
        text += decoder.decode(piece)
        begun = 0
        for mark in _MARKS.finditer(text, at):
            at = mark.end()
            if mark[0] == '"':
                in_text = not in_text
            elif not in_text and mark[0] in "{}[]":
                depth += 1 if mark[0] in "{[" else -1
                if depth <= 0:
                    yield text[begun:at].strip()
                    begun, depth = at, 0
        text, at = text[begun:], at - begun
        if len(text) > MAX_DOCUMENT_CHARS:
            raise endless()
    if text.strip():
        yield text.strip()
