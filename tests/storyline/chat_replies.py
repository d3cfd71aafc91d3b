"""What chat servers send, in the shapes that were seen on the wire: heads, streamed events, whole answers, refusals."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.storyline.fake_server import Asked, Sent


def head(status: int = 200, kind: str = "text/event-stream", **headers: str) -> bytes:
    """The head of an answer that ends when the connection does."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(status: int, document: Any, **headers: str) -> bytes:
    """A whole JSON answer."""
    content = json.dumps(document).encode()
    return head(status, "application/json", Content_Length=str(len(content)), **headers) + content


def chunk(text: str | None, finish: str | None = None, **fields: Any) -> bytes:
    """One event of a streamed answer, as OpenAI and its likes send it."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish, **fields}
    return event(
        {
            "id": "chatcmpl-CQ1x7",
            "object": "chat.completion.chunk",
            "created": 1_790_000_000,
            "model": "storyteller",
            "system_fingerprint": "fp_4c2851f862",
            "choices": [choice],
        }
    )


def event(document: Any) -> bytes:
    return f"data: {json.dumps(document)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def streamed(text: str, letters: int = 5) -> Iterator[bytes]:
    """A streamed answer: the head, the role, ``text`` in pieces of ``letters``, the end, the usage."""
    yield head()
    yield event({"id": "chatcmpl-CQ1x7", "object": "chat.completion.chunk", "choices": [_ROLE]})
    yield from (chunk(text[start : start + letters]) for start in range(0, len(text), letters))
    yield chunk(None, "stop")
    yield event({"id": "chatcmpl-CQ1x7", "object": "chat.completion.chunk", "choices": [], "usage": _USAGE})
    yield DONE


_ROLE = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
_USAGE = {"prompt_tokens": 412, "completion_tokens": 920, "total_tokens": 1332}


def story_text(first: int, count: int, **card: Any) -> str:
    """An answer of ``count`` sound cards, of which the first is number ``first``, counted from 1."""
    cards = [
        {"prompt": f"Rex the small brown dog makes step {first + number} along Elm Street.", "camera": "", "cut": False}
        | card
        for number in range(count)
    ]
    names = ["Rex the small brown dog", "Elm Street"]
    return json.dumps(
        {"title": "A walk", "names": names, "story": f"Rex walks to step {first + count - 1}.", "cards": cards}
    )


class Storyteller:
    """A well-behaved model: writes as many cards as asked, each different, and goes on where it stopped."""

    def __init__(self, letters: int = 24) -> None:
        self._written = 0
        self._letters = letters

    def __call__(self, asked: Asked) -> Sent:
        text = story_text(self._written + 1, asked.wanted)
        self._written += asked.wanted
        yield from streamed(text, self._letters)


def scripted(*answers: Iterable[bytes | float]) -> "Script":
    """Each request gets the next of ``answers``; the last one is given again and again."""
    return Script([list(answer) for answer in answers])


class Script:
    def __init__(self, answers: list[list[bytes | float]]) -> None:
        self._answers = answers
        self._number = -1

    def __call__(self, asked: Asked) -> Sent:
        self._number += 1
        yield from self._answers[min(self._number, len(self._answers) - 1)]
