"""How messages lie on a pipe: a short header with two lengths, text in JSON, then bytes where there are any."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_HEADER = struct.Struct(">4sII")
_MARK = b"SVI\x01"

MAX_TEXT = 48 << 20  # a storyboard of the largest size that a project file may have, and some room
MAX_DATA = 4 << 20  # a preview is a hundredth of it


class PacketError(ValueError):
    """What came over the pipe is not a message: other output got in between, or the other side is broken."""


class Packet(NamedTuple):
    """One message as it lay on the pipe: ``text`` is JSON, ``data`` the bytes that belong to it."""

    text: bytes
    data: bytes


def pack(text: bytes, data: bytes = b"") -> bytes:
    """The bytes of one packet. Raises PacketError when it is larger than the other side would take."""
    _check_size(len(text), len(data), MAX_TEXT, MAX_DATA)
    return b"".join((_HEADER.pack(_MARK, len(text), len(data)), text, data))


class PacketReader:
    """Puts packets together from pieces of any size. A packet beyond the limits is refused before it is kept."""

    def __init__(self, max_text: int = MAX_TEXT, max_data: int = MAX_DATA) -> None:
        """Sizes in bytes."""
        self._limits = (max_text, max_data)
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> Iterator[Packet]:
        """The packets that are whole now, in order. Raises PacketError; nothing can be read after that."""
        self._buffer += piece
        while (packet := self._next()) is not None:
            yield packet

    def _next(self) -> Packet | None:
        start = bytes(self._buffer[: len(_MARK)])
        if not _MARK.startswith(start):
            raise PacketError(f"a message begins with {start!r}")
        if len(self._buffer) < _HEADER.size:
            return None
        _, text_size, data_size = _HEADER.unpack_from(self._buffer)
        _check_size(text_size, data_size, *self._limits)
        text_end = _HEADER.size + text_size
        end = text_end + data_size
        if len(self._buffer) < end:
            return None
        packet = Packet(bytes(self._buffer[_HEADER.size : text_end]), bytes(self._buffer[text_end:end]))
        del self._buffer[:end]
        return packet


def _check_size(text: int, data: int, max_text: int, max_data: int) -> None:
    if text > max_text or data > max_data:
        raise PacketError(f"a message of {text} + {data} bytes is larger than {max_text} + {max_data}")
