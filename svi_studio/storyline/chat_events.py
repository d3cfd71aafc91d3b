"""The text in the answers of a chat server, streamed or whole; anything else in them is left aside."""

from collections.abc import Iterable, Iterator
from typing import Any

from svi_studio.storyline.event_stream import event_data
from svi_studio.storyline.story_errors import NoAnswer
from svi_studio.storyline.strict_reply import StrictError, shown_line, strict_json

_NOT_CHAT = "{server} does not answer as a chat server does: check its address."


def streamed_text(pieces: Iterable[bytes], server: str) -> Iterator[str]:
    """The pieces of text in a stream of events, until it says that it is done. Raises NoAnswer."""
    for data in event_data(pieces):
        if data.strip() == "[DONE]":
            return
        for event in _events(data, server):
            text, is_last = _text_of(event, "delta", server)
            if text:
                yield text
            if is_last:
                return


def whole_text(content: bytes, server: str) -> str:
    """The text of an answer that came in one piece. Raises NoAnswer."""
    document = _parsed(content.decode("utf-8", "replace"), server)
    if not isinstance(document, dict) or not {"choices", "error"} & document.keys():
        raise NoAnswer(_NOT_CHAT.format(server=server), content.decode("utf-8", "replace"))
    return _text_of(document, "message", server)[0]


def error_words(content: bytes) -> str:
    """What a server says of its refusal: one line of at most 200 characters, or ""."""
    text = content.decode("utf-8", "replace")
    try:
        document = strict_json(text)
    except StrictError:
        return "" if "<" in text else shown_line(text, 200)
    found = document
    for name in ("error", "message", "detail"):
        found = found.get(name, found) if isinstance(found, dict) else found
    return shown_line(found, 200) if isinstance(found, str) else ""


def _events(data: str, server: str) -> list[Any]:
    """The JSON of one event; some servers forget the blank line between two."""
    lines = data.split("\n")
    if len(lines) == 1:
        return [_parsed(data, server)]
    try:
        return [strict_json(data)]
    except StrictError:
        return [_parsed(line, server) for line in lines if line.strip() not in ("", "[DONE]")]


def _parsed(text: str, server: str) -> Any:
    try:
        return strict_json(text)
    except StrictError:
        if text.startswith("{") and not text.rstrip().endswith("}"):
            raise NoAnswer(f"{server} broke off in the middle of its answer: try again.", text) from None
        said = f"{server} sent something that is not JSON in its answer: try again or use another server."
        raise NoAnswer(said, text) from None


def _text_of(event: Any, part: str, server: str) -> tuple[str, bool]:
    """The text in an event, and whether it is the last one. Raises NoAnswer for an error or a refusal."""
    if not isinstance(event, dict):
        raise NoAnswer(_NOT_CHAT.format(server=server), str(event))
    if event.get("error"):
        words = shown_line(_message_of(event["error"]), 200)
        raise NoAnswer(f"{server} gave up in the middle of its answer" + (f' and says "{words}".' if words else "."))
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise NoAnswer(_NOT_CHAT.format(server=server), str(event))
    said = choice.get(part)
    _check_refusal(choice, said, server)
    text = said.get("content") if isinstance(said, dict) else None
    return _joined(text), choice.get("finish_reason") is not None


def _check_refusal(choice: dict[str, Any], said: Any, server: str) -> None:
    refusal = said.get("refusal") if isinstance(said, dict) else None
    if isinstance(refusal, str) and refusal:
        raise NoAnswer(f"The model at {server} declined to write this: change the subject or the words.", refusal)
    if choice.get("finish_reason") == "content_filter":
        raise NoAnswer(f"A filter at {server} held the answer back: change the subject or the words.")


def _joined(content: Any) -> str:
    """The text of a message, which some servers give in parts."""
    if isinstance(content, list):
        content = "".join(_joined(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _message_of(error: Any) -> str:
    found = error.get("message") if isinstance(error, dict) else error
    return found if isinstance(found, str) else ""
