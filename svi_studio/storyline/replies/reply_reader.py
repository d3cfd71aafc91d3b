"""Reads the cards of one answer as it arrives: thoughts are passed over, and the last complete list of cards counts."""

from collections.abc import Sequence

from svi_studio.domain.story.proposal import ProposedCard
from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.instructions import example_prompts
from svi_studio.storyline.replies.card_scan import LIST_START, CardScan, TooMuchError
from svi_studio.storyline.replies.reply import (
    MAX_NAME_CHARS,
    MAX_NAMES,
    MAX_STORY_CHARS,
    MAX_TITLE_CHARS,
    line_or_nothing,
    read_card,
)
from svi_studio.storyline.replies.thoughts import Forget, ThoughtFilter

AFTER_CHARS = 32_000  # what is still read behind a complete answer: it may have been a draft
_MAX_LISTS = 40  # that are looked through once more in an answer without a complete one
Slots = list[ProposedCard | None]


class ReplyReader:
    """Up to ``wanted`` cards, each sound, none like another or like one ``before``; None lets cards be alike.

    ``first`` is the number of the first card in the whole story, from 1, for the words of ``fault``.
    """

    def __init__(self, wanted: int, before: Sequence[str] | None = (), first: int = 1) -> None:
        self._thoughts = ThoughtFilter()
        self._rules = (wanted, before, first)
        self._text: list[str] = []
        self._after = 0
        self._broken = False
        self.thought_apart = 0  # characters of thoughts that came beside the answer
        self._best = self._now = _CardList(*self._rules)
        self.fault = ""

    @property
    def slots(self) -> Slots:
        """The cards by their place in the list, None where one is missing; no more than were wanted."""
        return self._choice.slots

    @property
    def cards(self) -> list[ProposedCard]:
        """The cards that are there."""
        return [card for card in self.slots if card is not None]

    @property
    def is_complete(self) -> bool:
        """Whether all cards that were wanted are there; what comes may still be a better answer."""
        return self._choice.is_complete

    @property
    def is_done(self) -> bool:
        """Whether nothing more of the answer is needed."""
        return bool(self.fault) or self._after > AFTER_CHARS

    @property
    def thought(self) -> int:
        """How many characters of thoughts were passed over."""
        return self._thoughts.characters

    @property
    def is_thinking(self) -> bool:
        """Whether what comes now is thoughts."""
        return self._thoughts.is_thinking

    def feed(self, piece: str) -> None:
        """The next piece of the answer."""
        self._after = self._after + len(piece) if self.is_complete else 0
        self._read(self._thoughts.feed(piece))

    def finish(self) -> None:
        """Ends the answer: what is missing becomes a fault."""
        if not self.fault:
            self._read(self._thoughts.finish())
        if not self.is_complete:
            self._look_again()
        if not self.is_complete:
            self.fault = self.fault or self._what_is_missing()
        else:
            self.fault = ""

    @property
    def title(self) -> str:
        """The film's title, or ""."""
        return line_or_nothing(self._choice.scan.head.get("title"), MAX_TITLE_CHARS)

    @property
    def story(self) -> str:
        """The story up to the end of these cards in a few sentences, or ""."""
        return line_or_nothing(self._choice.scan.head.get("story"), MAX_STORY_CHARS)

    @property
    def names(self) -> tuple[str, ...]:
        """What subjects and places are called, at most MAX_NAMES."""
        listed = self._choice.scan.head.get("names")
        lines = (line_or_nothing(each, MAX_NAME_CHARS) for each in (listed if isinstance(listed, list) else []))
        return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NAMES]

    @property
    def _choice(self) -> "_CardList":
        return _better(self._best, self._now)

    def _read(self, parts: Sequence[str | Forget]) -> None:
        for part in parts:
            if part is Forget.ALL:
                self._text.clear()
                self._best = self._now = _CardList(*self._rules)
            elif isinstance(part, str):
                self._text.append(part)
                self._list(part)

    def _list(self, text: str) -> None:
        """Reads ``text``, list by list. A card without end may be one that broke off: once, the search goes on."""
        try:
            self._now.feed(text)
            while self._now.scan.ended and self._now.scan.rest.strip("]} \t\r\n"):
                rest = self._now.scan.rest
                self._best, self._now = _better(self._best, self._now), _CardList(*self._rules)
                self._now.feed(rest)
        except TooMuchError as error:
            self.fault = str(error) if self._broken else ""
            self._broken = True
            self._best, self._now = _better(self._best, self._now), _CardList(*self._rules)

    def _look_again(self) -> None:
        """Drafts that broke off hide the list behind them: each place where one begins is read for itself."""
        text = "".join(self._text)
        for start in [found.start() for found in LIST_START.finditer(text)][-_MAX_LISTS:]:
            again = _CardList(*self._rules)
            try:
                again.feed(text[start:])
            except TooMuchError:
                continue
            self._best = _better(self._best, again)

    def _what_is_missing(self) -> str:
        choice, count, wanted = self._choice, len(self.cards), self._rules[0]
        if choice.fault:
            return choice.fault
        if not "".join(self._text).strip():
            return "it holds only thoughts" if self.thought or self.thought_apart else "it is empty"
        if not choice.scan.found:
            return "it holds no JSON object with a list of cards"
        if choice.scan.ended:
            return f"it holds {count} of the {wanted} cards"
        return f"it ends in the middle, after {count} of the {wanted} cards"


class _CardList:
    """One list of cards in an answer, and what is wrong with it."""

    def __init__(self, wanted: int, before: Sequence[str] | None, first: int) -> None:
        self.scan = CardScan()
        self.slots: Slots = []
        self.fault = ""
        self._wanted, self._first = wanted, first
        self._seen = None if before is None else {_as_compared(prompt) for prompt in before}

    @property
    def is_complete(self) -> bool:
        return len(self.slots) >= self._wanted and None not in self.slots

    def feed(self, text: str) -> None:
        for card in self.scan.feed(text):
            if not self.is_complete and (len(self.slots) < self._wanted or self._wanted == 1):
                self._take(card)

    def _take(self, text: str) -> None:
        """A card that cannot be used leaves its place empty; one that is asked for alone may be any that is sound."""
        if self._wanted == 1:
            self.slots.clear()
        try:
            self.slots.append(self._judged(text))
        except StrictError as error:
            self.slots.append(None)
            self.fault = self.fault or f"card {self._first + len(self.slots) - 1} cannot be used: {error}"

    def _judged(self, text: str) -> ProposedCard:
        card = read_card(text)
        compared = _as_compared(card.prompt)
        if any(compared.startswith(_as_compared(example)) for example in example_prompts()):
            raise StrictError("it repeats the example of the rules")
        if self._seen is not None:
            if compared in self._seen:
                raise StrictError("it says the same as a card before it")
            self._seen.add(compared)
        return card


def _better(old: _CardList, new: _CardList) -> _CardList:
    """Returns the list with more of the cards; of two alike the later one."""
    return old if _cards_in(old) > _cards_in(new) or not new.scan.found else new


def _cards_in(cards: _CardList) -> int:
    return sum(card is not None for card in cards.slots)


def _as_compared(prompt: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in prompt.casefold()).split())
