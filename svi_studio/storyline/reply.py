"""What a chat model's answer must hold, and how it is read card by card: all of it is text, and only text."""

from collections.abc import Sequence
from typing import Any

from svi_studio.domain.proposal import ProposedCard
from svi_studio.domain.strict_json import StrictError
from svi_studio.storyline.card_scan import CardScan, TooMuchError
from svi_studio.storyline.instructions import instruction
from svi_studio.storyline.strict_reply import one_line, reply_json

MAX_PROMPT_CHARS = 1_500  # Wan's text encoder reads 512 tokens, about 2,000 letters of English
MAX_CAMERA_CHARS = 300
MAX_TITLE_CHARS = 120
MAX_STORY_CHARS = 1_200
MAX_NAMES = 12
MAX_NAME_CHARS = 160


def reply_schema(cards: int) -> dict[str, Any]:
    """The JSON schema of an answer with exactly ``cards`` cards, in the part of JSON schema that servers know.

    Every field is required, for hosted servers want it so; a camera may be "".
    """
    card = _object({"prompt": {"type": "string"}, "camera": {"type": "string"}, "cut": {"type": "boolean"}})
    names = {"type": "array", "items": {"type": "string"}}
    listed = {"type": "array", "items": card, "minItems": cards, "maxItems": cards}
    return _object({"title": {"type": "string"}, "names": names, "story": {"type": "string"}, "cards": listed})


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


class ReplyReader:
    """Reads one answer as it arrives: up to ``wanted`` cards, each sound, none like another or like one ``before``.

    ``before`` None lets cards be alike.
    """

    def __init__(self, wanted: int, before: Sequence[str] | None = ()) -> None:
        self._scan = CardScan()
        self._wanted = wanted
        self._seen = None if before is None else {_as_compared(prompt) for prompt in before}
        self._is_empty = True
        self.cards: list[ProposedCard] = []
        self.fault = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing more of the answer is needed: all cards are there, the list ended, or it went wrong."""
        return bool(self.fault) or len(self.cards) >= self._wanted or self._scan.ended

    def feed(self, piece: str) -> list[ProposedCard]:
        """The cards that the next piece of the answer completes; a fault in it ends the reading and keeps those."""
        known = len(self.cards)
        self._is_empty = self._is_empty and not piece.strip()
        try:
            for text in self._scan.feed(piece):
                if not self.is_complete:
                    self._take(text)
        except TooMuchError as error:
            self.fault = str(error)
        except StrictError as error:
            self.fault = f"card {len(self.cards) + 1} cannot be used: {error}"
        return self.cards[known:]

    @property
    def is_complete(self) -> bool:
        """Whether all cards that were wanted are there."""
        return len(self.cards) >= self._wanted

    def finish(self) -> None:
        """The answer is over: what is missing becomes a fault."""
        if self.fault or self.is_complete:
            return
        if self._is_empty:
            self.fault = "it is empty"
        elif not self._scan.found:
            self.fault = "it holds no JSON object with a list of cards"
        elif self._scan.ended:
            self.fault = f"it holds {len(self.cards)} of the {self._wanted} cards"
        else:
            self.fault = f"it ends in the middle, after {len(self.cards)} of the {self._wanted} cards"

    @property
    def title(self) -> str:
        """The film's title, or ""."""
        return _line_or_nothing(self._scan.head.get("title"), MAX_TITLE_CHARS)

    @property
    def story(self) -> str:
        """The story up to the end of these cards in a few sentences, or ""."""
        return _line_or_nothing(self._scan.head.get("story"), MAX_STORY_CHARS)

    @property
    def names(self) -> tuple[str, ...]:
        """What subjects and places are called, at most MAX_NAMES."""
        listed = self._scan.head.get("names")
        lines = (_line_or_nothing(each, MAX_NAME_CHARS) for each in (listed if isinstance(listed, list) else []))
        return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NAMES]

    def _take(self, text: str) -> None:
        card = read_card(text)
        if _as_compared(card.prompt).startswith(_as_compared(instruction("example"))):
            raise StrictError("it repeats the example of the rules")
        if self._seen is not None:
            compared = _as_compared(card.prompt)
            if compared in self._seen:
                raise StrictError("it says the same as a card before it")
            self._seen.add(compared)
        self.cards.append(card)


def read_card(text: str) -> ProposedCard:
    """The card in the JSON value ``text``: an object with a prompt, or the prompt alone. Raises StrictError."""
    value = reply_json(text)
    fields = {"prompt": value} if isinstance(value, str) else value
    if not isinstance(fields, dict) or not isinstance(fields.get("prompt"), str):
        raise StrictError("it has no prompt in words")
    camera, cut = fields.get("camera") or "", fields.get("cut") or False
    if not isinstance(camera, str):
        raise StrictError("its camera is not in words")
    if not isinstance(cut, bool):
        raise StrictError("its cut is neither true nor false")
    prompt = one_line(fields["prompt"], MAX_PROMPT_CHARS)
    return ProposedCard(prompt=_with_camera(prompt, camera), cut=cut)


def _with_camera(prompt: str, camera: str) -> str:
    """One text for the video model: what happens, then how the camera sees it, said once."""
    if not any(char.isalnum() for char in camera):
        return prompt
    line = one_line(camera, MAX_CAMERA_CHARS)
    if line.rstrip(".").casefold() in prompt.casefold():
        return prompt
    stop = "" if prompt[-1] in ".!?。！？…" else "."
    return f"{prompt}{stop} {line}"


def _as_compared(prompt: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in prompt.casefold()).split())


def _line_or_nothing(value: object, limit: int) -> str:
    """What only helps the next request: left out when it is not sound, cut when it is long."""
    if not isinstance(value, str):
        return ""
    try:
        return one_line(value, len(value) + 1)[:limit].rstrip()
    except StrictError:
        return ""
