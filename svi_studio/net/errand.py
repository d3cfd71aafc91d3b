"""How long and how large one request may become, redirects and all, and whether it is still wanted."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from svi_studio.domain.errors import Stopped
from svi_studio.domain.text.wording import as_duration
from svi_studio.net.net_errors import NetError, TooLarge, TooSlow

TICK = 0.1
"""Seconds between two looks at the clock and at whether the request is still wanted."""


def never() -> bool:
    """For requests that nobody can cancel."""
    return False


class Errand:
    """The time and the bytes that are left. ``server`` is its name in the sentences.

    ``silence_s`` is how long the server may say nothing at all.
    """

    def __init__(
        self,
        server: str,
        deadline_s: float,
        max_bytes: int,
        cancelled: Callable[[], bool] = never,
        silence_s: float = math.inf,
    ) -> None:
        self.server = server
        self.is_encrypted = False
        self._silence_s = silence_s
        self._heard = time.monotonic()
        self._stage: tuple[float, NetError] | None = None
        self._deadline_s = deadline_s
        self._end = time.monotonic() + deadline_s
        self._max_bytes = max_bytes
        self._bytes_left = max_bytes
        self._cancelled = cancelled

    def check(self) -> None:
        """Raises Stopped when the request is not wanted any more, TooSlow when its time or the server's is over."""
        if self._cancelled():
            raise Stopped("The request was stopped.")
        now = time.monotonic()
        if self._stage is not None and now >= self._stage[0]:
            raise self._stage[1]
        if now - self._heard >= self._silence_s:
            raise TooSlow(
                f"{self.server} has said nothing for {as_duration(self._silence_s)}: see whether it still works, "
                "and try again."
            )
        if now >= self._end:
            raise TooSlow(
                f"{self.server} did not finish its answer within {as_duration(self._deadline_s)}: try again later."
            )

    @contextmanager
    def stage(self, seconds: float, error: NetError) -> Iterator[None]:
        """A part of the errand that takes at most ``seconds``: past them ``check`` raises ``error``."""
        self._stage = (time.monotonic() + seconds, error)
        try:
            yield
        finally:
            self._stage = None

    @property
    def tick(self) -> float:
        """Seconds to wait before the next ``check``; above 0."""
        return min(TICK, max(self._end - time.monotonic(), 0.001))

    @property
    def bytes_left(self) -> int:
        """Bytes that may still be read, headers included."""
        return self._bytes_left

    def count(self, read: int) -> None:
        """``read`` more bytes came."""
        self._bytes_left -= read
        self._heard = time.monotonic()

    def announce(self, size: int) -> None:
        """The server says how long its answer is. Raises TooLarge when that is too long."""
        if size > self._max_bytes:
            raise self.too_large()

    def too_large(self) -> TooLarge:
        """The error for an answer that does not end."""
        return TooLarge(f"The answer of {self.server} is larger than {_size(self._max_bytes)}, so it was left.")


def _size(count: int) -> str:
    return f"{count / 1_000_000:g} MB" if count >= 1_000_000 else f"{count:,} bytes"
