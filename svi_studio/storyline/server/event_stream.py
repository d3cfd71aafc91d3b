"""Server-sent events as chat servers send them: lines of ``data:`` between blank lines, from bytes of any cut.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import re
from collections.abc import Iterable, Iterator

from svi_studio.net.net_errors import BrokenReply

MAX_EVENT_BYTES = 512 << 10
_DATA = ("data:", "error:")  # old servers of llama.cpp say "error:" where the protocol has no such field
_LINE_END = re.compile(rb"\r\n|\n|\r")


def event_data(pieces: Iterable[bytes]) -> Iterator[str]:
    """The data of each event, in order; what is not ``data:`` is left aside. Raises BrokenReply for an endless one."""
    data: list[str] = []
    size = 0
    for line in _lines(pieces):
        if line.startswith(_DATA):
            data.append(line.partition(":")[2].removeprefix(" "))
            size += len(line)
        if size > MAX_EVENT_BYTES:
            raise endless()
        if not line and data:
            yield "\n".join(data)
            data, size = [], 0
    if data:
        yield "\n".join(data)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = _split(rest + piece)
        if len(rest) > MAX_EVENT_BYTES:
            raise endless()
        yield from map(_decoded, whole)
    if rest:
        yield _decoded(rest.rstrip(b"\r"))


def _split(text: bytes) -> list[bytes]:
    """The lines of ``text``; the last is unfinished, and keeps a final CR whose LF may still come."""
    held = b"\r" if text.endswith(b"\r") else b""
    lines = _LINE_END.split(text.removesuffix(b"\r") if held else text)
    lines[-1] += held
    return lines


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").removeprefix("\ufeff")


def endless() -> BrokenReply:
    """The error for an event that only grows."""
    return BrokenReply("The server sent one event without an end: check that it is a chat server.")
