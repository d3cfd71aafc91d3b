"""Finds the cards in an answer that arrives piece by piece, past thoughts, prose and code fences, in bounded memory."""

import re
from enum import Enum
from typing import Any

from svi_studio.domain.strict_json import StrictError
from svi_studio.storyline.strict_reply import reply_json

MAX_CARD_CHARS = 8_000  # a card as JSON; several times what the longest prompt needs
MAX_HEAD_CHARS = 32_000  # what may stand before the first card, thoughts left out
_START = re.compile(r'(?:"(?:cards|clips|prompts)"\s{0,64}:\s{0,64}\[)|(?:(?:\A|(?<=\n))[ \t]{0,8}\[(?=\s{0,64}[{"]))')
_START_CHARS = 160  # at least as long as the longest match
_MARKS = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_OPEN, _CLOSE = "<think>", "</think>"
_LOOSE_END = re.compile(r"[,\]\s]")


class TooMuchError(ValueError):
    """More text than a story has. The message is a phrase for the model and the user."""


class _Phase(Enum):
    BEGIN = 0
    THOUGHTS = 1
    HEAD = 2
    CARDS = 3
    END = 4


class CardScan:
    """Reads ``{"cards": [...]}``, or a list alone, wherever it stands in an answer.

    Each JSON value of the list is handed out once, as text that nobody has judged, as soon as it is whole.
    """

    def __init__(self) -> None:
        self._phase = _Phase.BEGIN
        self._text = ""
        self._searched = 0
        self._value = _ValueEnd()
        self.head: dict[str, Any] = {}

    @property
    def found(self) -> bool:
        """Whether the list of cards has begun."""
        return self._phase in (_Phase.CARDS, _Phase.END)

    @property
    def ended(self) -> bool:
        """Whether the list of cards is closed."""
        return self._phase is _Phase.END

    def feed(self, piece: str) -> list[str]:
        """The cards that ``piece`` completes, in order. Raises TooMuchError for more than any story has."""
        self._text += piece
        if self._phase in (_Phase.BEGIN, _Phase.THOUGHTS):
            self._skip_thoughts()
        if self._phase is _Phase.HEAD:
            self._seek()
        return self._cards() if self._phase is _Phase.CARDS else []

    def _skip_thoughts(self) -> None:
        """Some models think aloud first, between tags; what they think is not their answer."""
        shown = self._text.lstrip()
        if self._phase is _Phase.BEGIN:
            if len(shown) < len(_OPEN) and _OPEN.startswith(shown):
                self._text = shown
                return
            self._phase = _Phase.THOUGHTS if shown.startswith(_OPEN) else _Phase.HEAD
        if self._phase is _Phase.THOUGHTS:
            _, tag, after = self._text.partition(_CLOSE)
            self._text = after if tag else self._text[-len(_CLOSE) :]
            self._phase = _Phase.HEAD if tag else _Phase.THOUGHTS

    def _seek(self) -> None:
        start = _START.search(self._text, max(0, self._searched - _START_CHARS))
        if start is None:
            self._searched = len(self._text)
            if self._searched > MAX_HEAD_CHARS:
                raise TooMuchError(f"more than {MAX_HEAD_CHARS:,} characters came before the first card")
            return
        self.head = _head(self._text[: start.end()])
        self._text = self._text[start.end() :]
        self._phase = _Phase.CARDS

    def _cards(self) -> list[str]:
        found: list[str] = []
        while True:
            if self._value.at == 0:
                self._text = self._text.lstrip(", \t\r\n")
            if not self._text:
                return found
            if self._text[0] == "]":
                self._phase = _Phase.END
                return found
            end = self._value.search(self._text)
            if end is None:
                if len(self._text) > MAX_CARD_CHARS:
                    raise TooMuchError(f"a card is longer than {MAX_CARD_CHARS:,} characters")
                return found
            found.append(self._text[:end])
            self._text = self._text[end:]
            self._value = _ValueEnd()


class _ValueEnd:
    """Where the JSON value at the start of a growing text ends; looks at each character once."""

    def __init__(self) -> None:
        self.at = 0
        self._depth = 0
        self._in_text = False

    def search(self, text: str) -> int | None:
        if text[0] not in '{["':
            loose = _LOOSE_END.search(text)
            return loose.start() if loose else None
        for mark in _MARKS.finditer(text, self.at):
            self.at = mark.end()
            self._step(mark.group())
            if self._depth == 0 and not self._in_text:
                return self.at
        return None

    def _step(self, mark: str) -> None:
        if mark == '"':
            self._in_text = not self._in_text
        elif not self._in_text and mark in "{[":
            self._depth += 1
        elif not self._in_text and mark in "}]":
            self._depth -= 1


def _head(text: str) -> dict[str, Any]:
    """The fields of the object before its list of cards; none when they are no sound JSON."""
    try:
        start = text.index("{")
        document = reply_json(text[start:] + "]}")
    except (StrictError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
