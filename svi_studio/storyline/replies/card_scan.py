"""Finds one list of cards in a text that arrives piece by piece, past prose and code fences, in bounded memory."""

import re
from enum import Enum
from typing import Any

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.loose_reply import loose_json

MAX_CARD_CHARS = 8_000  # a card as JSON; several times what the longest prompt needs
MAX_HEAD_CHARS = 16_000  # what is looked at before the first card: title, names, the story so far
_QUOTE = r"[\"'“”„«»]"
_NAMES = r"(?:cards|clips|prompts|scenes|shots)"
LIST_START = re.compile(
    rf"(?:(?:{_QUOTE}{_NAMES}{_QUOTE}|(?<=[{{,\s]){_NAMES})\s{{0,64}}:\s{{0,64}}\[)"
    rf"|(?:(?:\A|(?<=\n))[ \t]{{0,8}}\[(?=\s{{0,64}}[{{\"'“„«]))"
    rf"|(?P<bare>(?:\A|(?<=\n))[ \t]{{0,8}}(?=\{{\s{{0,64}}{_QUOTE}?prompt{_QUOTE}?\s{{0,8}}:))"
)
_START_CHARS = 240  # at least as long as the longest match and what it looks ahead
_MARKS = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_LOOSE_END = re.compile(r"[,\]\s]")
_QUOTED_END = re.compile(r"['”“»](?=\s{0,64}[,\]])")
_BETWEEN = re.compile(r"(?:[,\s]|//[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_HEADS = 8  # how many places are tried where the object with the cards could begin


class TooMuchError(ValueError):
    """More text than a story has. The message is a phrase for the model and the user."""


class _Phase(Enum):
    HEAD = 1
    CARDS = 2
    END = 3


class CardScan:
    """Reads ``{"cards": [...]}``, a list alone, or cards alone one behind the other, wherever they stand in a text.

    Each value of the list is handed out once, as text that nobody has judged, as soon as it is whole.
    """

    def __init__(self) -> None:
        self._phase = _Phase.HEAD
        self._text = ""
        self._searched = 0
        self._is_bare = False
        self._value = _ValueEnd()
        self.head: dict[str, Any] = {}

    @property
    def found(self) -> bool:
        """Whether the list of cards has begun."""
        return self._phase is not _Phase.HEAD

    @property
    def ended(self) -> bool:
        """Whether the list of cards is closed."""
        return self._phase is _Phase.END

    @property
    def rest(self) -> str:
        """What came behind the end of the list."""
        return self._text if self.ended else ""

    def feed(self, piece: str) -> list[str]:
        """The cards that ``piece`` completes, in order. Raises TooMuchError for a card that does not end."""
        self._text += piece
        if self._phase is _Phase.HEAD:
            self._seek()
        return self._cards() if self._phase is _Phase.CARDS else []

    def _seek(self) -> None:
        start = LIST_START.search(self._text, max(0, self._searched - _START_CHARS))
        if start is None:
            self._text = self._text[-MAX_HEAD_CHARS:]
            self._searched = len(self._text)
            return
        self.head = _head(self._text[max(0, start.end() - MAX_HEAD_CHARS) : start.end()])
        self._is_bare = start["bare"] is not None
        self._text = self._text[start.end() :]
        self._phase = _Phase.CARDS

    def _cards(self) -> list[str]:
        found: list[str] = []
        while self._is_at_a_card():
            end = self._value.search(self._text)
            if (len(self._text) if end is None else end) > MAX_CARD_CHARS:
                raise TooMuchError(f"a card is longer than {MAX_CARD_CHARS:,} characters")
            if end is None:
                break
            found.append(self._text[:end])
            self._text = self._text[end:]
            self._value = _ValueEnd()
        return found

    def _is_at_a_card(self) -> bool:
        """Passes what stands between two cards; whether one begins there."""
        if self._value.at == 0:
            between = _BETWEEN.match(self._text)
            self._text = self._text[between.end() :] if between else self._text
        if self._text[:1] == "]" or (self._is_bare and self._text[:1] not in ("", "{")):
            self._phase = _Phase.END
            return False
        return bool(self._text) and not (self._text[0] == "/" and len(self._text) < MAX_CARD_CHARS)


class _ValueEnd:
    """Where the JSON value at the start of a growing text ends; looks at each character once."""

    def __init__(self) -> None:
        self.at = 0
        self._depth = 0
        self._in_text = False

    def search(self, text: str) -> int | None:
        if text[0] not in '{["':
            end = (_QUOTED_END if text[0] in "'“„«" else _LOOSE_END).search(text, 1)
            return None if end is None else end.end() if text[0] in "'“„«" else end.start()
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
    at = len(text)
    for _ in range(_HEADS):
        at = text.rfind("{", 0, at)
        if at < 0:
            break
        try:
            document = loose_json(text[at:] + "]}")
        except StrictError:
            continue
        return document if isinstance(document, dict) else {}
    return {}
