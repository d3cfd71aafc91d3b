"""Messages of known kinds as packets: frozen values as JSON, told apart by ``kind`` and checked when they are read."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from svi_studio.domain.value import first_problem
from svi_studio.pipes.packets import MAX_DATA, MAX_TEXT, PacketError, PacketReader, pack

M = TypeVar("M")


class Messages(Generic[M]):
    """What one side may say: the members of a union of dataclasses, each with a ``kind`` of its own."""

    def __init__(self, union: Any, max_text: int = MAX_TEXT, max_data: int = MAX_DATA) -> None:
        """``max_text`` and ``max_data``: bytes of the largest message that is read."""
        self._union, self._limits = union, (max_text, max_data)

    def encode(self, message: M) -> bytes:
        """The packet of ``message``, whose numbers may be NaN or infinite. Raises PacketError when it is too large."""
        return pack(self._adapter.dump_json(message), self.data_of(message))

    def decode(self, text: bytes, data: bytes = b"") -> M:
        """The message in a packet's ``text``, its types checked, and ``data``. Raises PacketError."""
        try:
            return self.with_data(self._adapter.validate_json(text, strict=True), data)
        except ValidationError as error:
            raise PacketError(f"a message has {first_problem(error)}") from error

    def reader(self) -> "MessageReader[M]":
        """A reader for one pipe."""
        return MessageReader(self, PacketReader(*self._limits))

    def data_of(self, message: M) -> bytes:
        """The bytes that travel behind the text of ``message``; most have none."""
        return b""

    def with_data(self, message: M, data: bytes) -> M:
        """``message``, read from a text, with the bytes behind it."""
        return message

    @cached_property
    def _adapter(self) -> TypeAdapter[M]:
        """Made when it is first needed: that takes milliseconds, and a program starts without it."""
        kinds: Any = Annotated[self._union, Field(discriminator="kind")]
        return TypeAdapter(kinds, config=ConfigDict(ser_json_inf_nan="constants"))


class MessageReader(Generic[M]):
    """Reads messages from pieces of any size."""

    def __init__(self, messages: Messages[M], packets: PacketReader) -> None:
        self._messages, self._packets = messages, packets

    def feed(self, piece: bytes) -> Iterator[M]:
        """The messages that are whole now, in order. Raises PacketError on anything else; then nothing is read on."""
        for packet in self._packets.feed(piece):
            yield self._messages.decode(*packet)
