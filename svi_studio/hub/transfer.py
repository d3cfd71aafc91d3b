"""Brings one range of a file: asks, sees that it is the file and the range that were meant, and writes what comes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from svi_studio.hub.byte_ranges import Range
from svi_studio.hub.coming_file import ComingFile
from svi_studio.hub.hub import Hub, OpenFile
from svi_studio.hub.hub_errors import refusal
from svi_studio.net.net_errors import BrokenReply

_WHOLE, _PART, _NO_SUCH_RANGE = 200, 206, 416
_HEX = frozenset("0123456789abcdef")


class Changed(Exception):  # noqa: N818 - says what happened; always caught by the job
    """The server has another content than the one that was begun."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class InOnePiece(Exception):  # noqa: N818
    """The server gives no ranges, only the file from its beginning."""


def transfer(
    hub: Hub, file: ComingFile, span: Range, *, turn: int, ends: Callable[[], bool], changed: threading.Condition
) -> Iterator[int]:
    """Brings the bytes of ``span``; yields how many more are written.

    Of another beginning of the file than ``turn`` nothing is written. Raises NetError, Busy, Forbidden, NoSuchFile,
    Changed, InOnePiece, Stopped, DiskFull, StudioError.
    """
    address = hub.address(file.repository, file.commit, file.wanted.file.path)
    with ExitStack() as opened:
        with changed, file.part.lock:
            if turn != file.turn:  # by now the part may have its own name
                return
            descriptor = opened.enter_context(file.part.writer())
        answer = opened.enter_context(hub.open_file(address, span.start, span.end, ends))
        with changed, file.part.lock:
            if turn != file.turn:
                return
            _check(answer, file, span)
            file.is_known_good = file.is_known_good or not file.in_one_piece
            changed.notify_all()
        at = span.start
        for piece in answer.reply.pieces():
            data = piece[: span.end - at]
            with file.part.lock:
                if turn != file.turn:
                    return
                file.part.put(descriptor, data, at)
            at += len(data)
            yield len(data)
            if at == span.end:
                return
    raise BrokenReply(f"The hub ended its answer early in the middle of {file.wanted.save_as}.")


def _check(answer: OpenFile, file: ComingFile, span: Range) -> None:
    """For the caller who holds the part's lock."""
    reply, want = answer.reply, file.wanted.file
    if reply.status == _NO_SUCH_RANGE:
        raise Changed("it is shorter on the hub than listed")
    if reply.status not in (_WHOLE, _PART):
        raise refusal(reply.status, reply.headers, f"{file.repository}/{want.path}")
    if answer.commit and answer.commit != file.commit:
        raise Changed("the hub sent another version of it")
    if _is_checksum(answer.tag) and len(answer.tag) == len(want.checksum) and answer.tag != want.checksum:
        raise Changed("it has changed on the hub")
    if file.part.tag and answer.tag and answer.tag != file.part.tag:
        raise Changed("it has changed on the hub")
    file.part.tag = file.part.tag or answer.tag
    if reply.status == _WHOLE and (span.start, span.end) != (0, want.size):
        raise InOnePiece
    expected = f"bytes {span.start}-{span.end - 1}/{want.size}"
    if reply.status == _PART and reply.headers.get("content-range", "").strip().lower() != expected:
        raise Changed("its size has changed on the hub")


def _is_checksum(tag: str) -> bool:
    return bool(tag) and {*tag} <= _HEX
