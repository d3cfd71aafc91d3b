"""Keeps a key out of what its own server says: an answer that repeats it would carry it into the film."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from svi_studio.net.secret import HIDDEN, Secret

T = TypeVar("T")
_MIN_CHARS = 8  # anything shorter is a word that a server may say


class SpokenKey:
    """Replaces ``key`` by ``(hidden)`` in a text, also where it arrives in pieces."""

    def __init__(self, key: Secret | None) -> None:
        words = "" if key is None else key.tell(key.origin)
        self._words = words if len(words) >= _MIN_CHARS else ""

    def hide(self, text: str) -> str:
        """``text`` without the key."""
        return text.replace(self._words, HIDDEN) if self._words else text

    def hidden(self, pieces: Iterable[str | T]) -> Iterator[str | T]:
        """``pieces`` without the key; what may be its beginning waits for the next piece. Others pass."""
        held = ""
        for piece in pieces:
            if not isinstance(piece, str):
                yield piece
                continue
            text = self.hide(held + piece)
            held = text[len(text) - self._overlap(text) :]
            if len(text) > len(held):
                yield text[: len(text) - len(held)]
        if held:
            yield held

    def _overlap(self, text: str) -> int:
        """How many letters at the end of ``text`` begin the key."""
        for count in range(min(len(self._words) - 1, len(text)), 0, -1):
            if text.endswith(self._words[:count]):
                return count
        return 0
