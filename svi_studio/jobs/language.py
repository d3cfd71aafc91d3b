"""How the window speaks with a process of its own: what is written, what is read, how long to wait, how to part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from svi_studio.jobs.patience import Patience, Verdict
from svi_studio.worker.protocol import PROTOCOL_VERSION, Hello, Shutdown, encode, messages_of_worker


class Reader(Protocol):
    """Puts messages together from pieces of any size."""

    def feed(self, piece: bytes) -> Iterator[Any]:
        """The messages that are whole now, in order. Raises PacketError."""


class Watch(Protocol):
    """Judges how long a process may say nothing."""

    def sent(self, request: Any) -> None:
        """The window asked for something."""

    def heard(self, message: Any) -> None:
        """A message came, of any kind."""

    def pass_time(self, seconds: float) -> Verdict:
        """Count ``seconds`` and judge."""


@dataclass(frozen=True)
class Language:
    """``greeting`` is the message of a process that is ready, with its ``protocol``. ``farewell`` asks it to end.

    ``may_stay``: a process that was asked to end may take its time, because it has something to save; only one that
    does not answer is ended.
    """

    encode: Callable[[Any], bytes]
    reader: Callable[[], Reader]
    watch: Callable[[], Watch]
    greeting: type[Any]
    protocol: int
    farewell: Any
    may_stay: bool = False


RENDERER = Language(encode, messages_of_worker, Patience, Hello, PROTOCOL_VERSION, Shutdown())
"""The renderer's worker."""
