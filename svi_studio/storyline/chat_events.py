"""The text in the answers of a chat server, streamed or whole; anything else in them is left aside."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from svi_studio.domain.strict_json import StrictError
from svi_studio.storyline.event_stream import event_data
from svi_studio.storyline.story_errors import NoAnswer
from svi_studio.storyline.strict_reply import reply_json, shown_line

_MAX_WORDS = 200


@dataclass(frozen=True)
class Speaker:
    """A server and what has to be hidden in its words, before any of them are shown or cut short."""

    server: str
    hide: Callable[[str], str]

    def words(self, said: object) -> str:
        """What it says, as one line of at most 200 characters; "" for what is no text."""
        return shown_line(self.hide(said), _MAX_WORDS) if isinstance(said, str) else ""

    def failed(self, what: str, raw: str = "") -> NoAnswer:
        """The error that begins with the server; ``raw`` is what it sent."""
        return NoAnswer(f"{self.server} {what}", self.hide(raw))

    def no_chat(self, raw: str) -> NoAnswer:
        """The error for an answer in another language than that of chat servers."""
        return self.failed("does not answer as a chat server does: check its address.", raw)


def streamed_text(pieces: Iterable[bytes], speaker: Speaker) -> Iterator[str]:
    """The pieces of text in a stream of events, until it says that it is done. Raises NoAnswer."""
    for data in event_data(pieces):
        if data.strip() == "[DONE]":
            return
        for event in _events(data, speaker):
            text, is_last = _text_of(event, "delta", speaker)
            if text:
                yield text
            if is_last:
                return


def whole_text(content: bytes, speaker: Speaker) -> str:
    """The text of an answer that came in one piece. Raises NoAnswer."""
    text = content.decode("utf-8", "replace")
    document = _parsed(text, speaker)
    if not isinstance(document, dict) or not {"choices", "error"} & document.keys():
        raise speaker.no_chat(text)
    return _text_of(document, "message", speaker)[0]


def error_words(content: bytes, speaker: Speaker) -> str:
    """What a server says of its refusal: one line of at most 200 characters, or ""."""
    text = content.decode("utf-8", "replace")
    try:
        found = reply_json(text)
    except StrictError:
        return "" if "<" in text else speaker.words(text)
    for name in ("error", "message", "detail"):
        found = found.get(name, found) if isinstance(found, dict) else found
    return speaker.words(found)


def _events(data: str, speaker: Speaker) -> list[Any]:
    """The JSON of one event; some servers forget the blank line between two."""
    lines = data.split("\n")
    if len(lines) == 1:
        return [_parsed(data, speaker)]
    try:
        return [reply_json(data)]
    except StrictError:
        return [_parsed(line, speaker) for line in lines if line.strip() not in ("", "[DONE]")]


def _parsed(text: str, speaker: Speaker) -> Any:
    try:
        return reply_json(text)
    except StrictError:
        if text.startswith("{") and not text.rstrip().endswith("}"):
            raise speaker.failed("broke off in the middle of its answer: try again.", text) from None
        what = "sent something that is not JSON in its answer: try again or use another server."
        raise speaker.failed(what, text) from None


def _text_of(event: Any, part: str, speaker: Speaker) -> tuple[str, bool]:
    """The text in an event, and whether it is the last one. Raises NoAnswer for an error or a refusal."""
    if not isinstance(event, dict):
        raise speaker.no_chat(str(event))
    if event.get("error"):
        words = speaker.words(_message_of(event["error"]))
        raise speaker.failed("could not finish its answer" + (f' and says "{words}".' if words else "."))
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise speaker.no_chat(str(event))
    said = choice.get(part)
    _check_refusal(choice, said, speaker)
    text = said.get("content") if isinstance(said, dict) else None
    return _joined(text), choice.get("finish_reason") is not None


def _check_refusal(choice: dict[str, Any], said: Any, speaker: Speaker) -> None:
    refusal = said.get("refusal") if isinstance(said, dict) else None
    if isinstance(refusal, str) and refusal:
        raise speaker.failed("declined to write this: change the subject or the words.", refusal)
    if choice.get("finish_reason") == "content_filter":
        raise speaker.failed("held its answer back with a filter: change the subject or the words.")


def _joined(content: Any) -> str:
    """The text of a message, which some servers give in parts."""
    if isinstance(content, list):
        content = "".join(_joined(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _message_of(error: Any) -> Any:
    return error.get("message") if isinstance(error, dict) else error
