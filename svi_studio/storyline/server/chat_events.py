"""The text in the answers of a chat server, streamed or whole; anything else in them is left aside."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from svi_studio.domain.story.answer import Aside, Doing
from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.strict_reply import reply_json, shown_line
from svi_studio.storyline.server.answer_documents import documents
from svi_studio.storyline.story_errors import NoAnswer

_MAX_WORDS = 200
_ENDS = frozenset(
    ("stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "end", "complete", "completed")
)
_CUTS = frozenset(("length", "max_tokens", "max_output_tokens", "max_length", "model_length", "token_limit"))
_TOOLS = frozenset(("tool_calls", "function_call", "tool_use"))
_FILTERS = frozenset(("content_filter", "safety", "recitation", "prohibited_content", "blocklist"))
_WORDS_OF_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_KNOWN = frozenset(("choices", "message", "response", "content", "generated_text", "done", "usage"))


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


def answer_text(pieces: Iterable[bytes], speaker: Speaker) -> Iterator[str | Aside]:
    """The pieces of text in an answer, and what the model does beside it, until it says that it is done.

    Only ``[DONE]``, a reason to end that is known, and the end of the answer are its end. Raises NoAnswer.
    """
    answer = _Answer(speaker)
    for document in documents(pieces):
        if document.strip() == "[DONE]":
            break
        for event in _events(document, speaker):
            yield from answer.parts(event)
        if answer.is_over:
            break
    answer.check()
    if answer.reason in _CUTS:
        yield Aside(Doing.CUT_SHORT)


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


class _Answer:
    """One answer as its events tell it: those of chats and of completions, of OpenAI's kind and of Ollama's own."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._said = ""
        self._wants_tool = self._is_known = False
        self._odd = ""
        self.reason = ""
        self.is_over = False

    def parts(self, event: Any) -> Iterator[str | Aside]:
        """The text of one event, or what the model does instead. Raises NoAnswer for an error or a refusal."""
        if not isinstance(event, dict):
            raise self._speaker.no_chat(str(event))
        self._check_error(event)
        self._is_known = self._is_known or bool(_KNOWN & event.keys())
        self._odd = self._odd or str(event)
        choice = self._choice(event)
        delta, message = _fields(choice, "delta"), _fields(choice, "message")
        yield from self._thoughts(delta or message)
        self._end(choice, event)
        self._check_refusal(delta or message)
        text = _joined(delta.get("content")) or self._new(_joined(message.get("content"))) or _completed(choice)
        if text:
            self._said += text
            yield text

    def check(self) -> None:
        """The answer is over. Raises NoAnswer when it is none."""
        if self._said:
            return
        if self._wants_tool or self.reason in _TOOLS:
            raise self._speaker.failed("wants to use a tool instead of answering: ask again, or choose another model.")
        if self._odd and not self._is_known:
            raise self._speaker.no_chat(self._odd)

    def _choice(self, event: dict[str, Any]) -> dict[str, Any]:
        """The first answer of several; Ollama's own events are one themselves."""
        if "choices" not in event:
            return event
        listed = event["choices"] if isinstance(event["choices"], list) else []
        if not all(isinstance(each, dict) for each in listed):
            raise self._speaker.no_chat(str(event))
        return next((each for each in listed if each.get("index") in (0, None)), {})

    def _thoughts(self, said: dict[str, Any]) -> Iterator[Aside]:
        self._wants_tool = self._wants_tool or bool(said.get("tool_calls") or said.get("function_call"))
        thoughts = next((said[name] for name in _WORDS_OF_THOUGHTS if isinstance(said.get(name), str)), "")
        if thoughts:
            yield Aside(Doing.THINKING, len(thoughts))

    def _new(self, message: str) -> str:
        """Returns what a message that repeats itself whole says more than before."""
        return message[len(self._said) :] if message.startswith(self._said) else message

    def _end(self, choice: dict[str, Any], event: dict[str, Any]) -> None:
        named = choice.get("finish_reason") or event.get("done_reason") or ""
        reason = named.lower() if isinstance(named, str) else ""
        if reason in _ENDS | _CUTS | _TOOLS | _FILTERS:
            self.reason, self.is_over = reason, True
        if event.get("done") is True or ("choices" not in event and event.get("stop") is True):
            self.is_over = True

    def _check_error(self, event: dict[str, Any]) -> None:
        error = event.get("error")
        if not error and "error" in (event.get("object"), event.get("type")):
            error = event
        if not error and "choices" not in event and isinstance(event.get("detail"), str):
            error = event["detail"]
        if not error and isinstance(event.get("code"), int) and isinstance(event.get("message"), str):
            error = event["message"]
        if error:
            words = self._speaker.words(error.get("message") if isinstance(error, dict) else error)
            raise self._speaker.failed("could not finish its answer" + (f' and says "{words}".' if words else "."))

    def _check_refusal(self, said: dict[str, Any]) -> None:
        refusal = said.get("refusal")
        if isinstance(refusal, str) and refusal:
            raise self._speaker.failed("declined to write this: change the subject or the words.", refusal)
        if self.reason in _FILTERS:
            raise self._speaker.failed("held its answer back with a filter: change the subject or the words.")


def _events(data: str, speaker: Speaker) -> list[Any]:
    """The JSON of one event; some servers forget the blank line between two."""
    lines = data.split("\n")
    if not data.strip():
        return []
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
        if text.startswith("<"):
            raise speaker.failed("answers with a web page and not as a chat server: check its address.") from None
        if text.startswith("{") and not text.rstrip().endswith("}"):
            raise speaker.failed("broke off in the middle of its answer: try again.", text) from None
        what = "sent something that is not JSON in its answer: try again or use another server."
        raise speaker.failed(what, text) from None


def _fields(choice: dict[str, Any], name: str) -> dict[str, Any]:
    found = choice.get(name)
    return found if isinstance(found, dict) else {}


def _completed(choice: dict[str, Any]) -> str:
    """The text of a completion, which stands in no message."""
    texts = (choice.get(name) for name in ("text", "response", "content", "generated_text"))
    return next((text for text in texts if isinstance(text, str)), "")


def _joined(content: Any) -> str:
    """The text of a message, which some servers give in parts; parts of thoughts are none."""
    if isinstance(content, list):
        return "".join(_joined(part.get("text")) for part in content if isinstance(part, dict) and _is_text(part))
    return content if isinstance(content, str) else ""


def _is_text(part: dict[str, Any]) -> bool:
    return part.get("type") in (None, "text", "output_text")
