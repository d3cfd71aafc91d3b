"""Servers that are hostile in how they answer: events, statuses, headers, sizes and times, down to single bytes."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.storyline.chat_replies import DONE, chunk, event, head, story_text, streamed, whole
from tests.storyline.fake_server import Asked, Sent

_GOOD = story_text(1, 3)
Answer = Callable[[Asked], Sent]


def _said(*steps: bytes | float) -> Answer:
    return lambda asked: iter(steps)


def _events(*steps: bytes) -> Answer:
    return _said(head(), *steps)


def _choice(choice: Any) -> Answer:
    return _events(event({"choices": [choice]}), DONE)


def _content(content: Any) -> Answer:
    return _choice({"delta": {"content": content}})


def _status(status: int, document: Any = None, **headers: str) -> Answer:
    return _said(whole(status, document if document is not None else {"error": {"message": "no"}}, **headers))


def _redirect(status: int, target: str) -> Answer:
    return _said(head(status, "text/plain", Location=target, Content_Length="0"))


def _forever(first: bytes, step: bytes, pause: float = 0.0) -> Answer:
    def answer(asked: Asked) -> Iterator[bytes | float]:
        yield first
        while True:
            yield step
            if pause:
                yield pause

    return answer


def _fixed(*parts: bytes, head_lines: str = "Content-Type: text/event-stream") -> Answer:
    return _said(f"HTTP/1.1 200 OK\r\n{head_lines}\r\n\r\n".encode() + b"".join(parts))


def _whole_answer(content: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}


def _ollama(content: str) -> Iterator[bytes]:
    """Lines as Ollama's own interface sends them."""
    for at in range(0, len(content), 9):
        piece = {"model": "m", "message": {"role": "assistant", "content": content[at : at + 9]}, "done": False}
        yield json.dumps(piece, ensure_ascii=False).encode() + b"\n"
    yield json.dumps({"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}).encode()


_STREAM = b"".join(streamed(_GOOD))
_BODY = _STREAM.partition(b"\r\n\r\n")[2]
_BIG = 50_000_000

EVENTS: dict[str, Answer] = {
    "no events": _events(),
    "only done": _events(DONE),
    "only comments": _events(b": ping\n\n" * 500),
    "only an event name": _events(b"event: error\n\n" * 50),
    "lines without data": _events(_GOOD.encode() + b"\n\n"),
    "data that is no JSON": _events(b"data: hello\n\n"),
    "data cut off": _events(b'data: {"choices": [{"delta": {"content": "x\n\n'),
    "data a list": _events(event([]), DONE),
    "data null": _events(event(None), DONE),
    "data a number": _events(event(5), DONE),
    "data a text": _events(event("cards"), DONE),
    "data NaN": _events(b'data: {"choices": [{"delta": {"content": NaN}}]}\n\n'),
    "data twice named": _events(b'data: {"choices": [], "choices": []}\n\n'),
    "data nested": _events(b"data: " + b"[" * 100_000 + b"\n\n"),
    "data nested and closed": _events(b"data: " + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"\n\n"),
    "data a huge number": _events(b"data: " + b"9" * 10_000 + b"\n\n"),
    "choices null": _events(event({"choices": None}), DONE),
    "choices an object": _events(event({"choices": {"delta": {"content": _GOOD}}}), DONE),
    "choices a number": _events(event({"choices": 7}), DONE),
    "choice null": _choice(None),
    "choice a number": _choice(5),
    "choice a list": _choice([[]]),
    "delta missing": _choice({}),
    "delta null": _choice({"delta": None}),
    "delta a text": _choice({"delta": _GOOD}),
    "delta a list": _choice({"delta": [_GOOD]}),
    "content a number": _content(7),
    "content an object": _content({"text": _GOOD}),
    "content nested lists": _content([[[[_GOOD]]]]),
    "content empty for ever": _forever(head(), chunk("")),
    "only thoughts": _choice({"delta": {"reasoning_content": _GOOD}}),
    "only a tool call": _choice({"delta": {"tool_calls": [{"function": {"name": "shell", "arguments": _GOOD}}]}}),
    "a refusal": _choice({"delta": {"refusal": "I will not."}}),
    "a filter": _choice({"delta": {}, "finish_reason": "content_filter"}),
    "too long at once": _choice({"delta": {"content": _GOOD[:60]}, "finish_reason": "length"}),
    "an error": _events(chunk(_GOOD[:80]), event({"error": {"message": "out of memory"}})),
    "an error in words": _events(event({"error": "out of memory"})),
    "an error of odd shape": _events(event({"error": [1, 2]})),
    "an error full of controls": _events(event({"error": {"message": "\x1b[2J\u202e\x00" * 100}})),
    "bytes that are no text": _events(b"data: \xff\xfe\xfa\n\n" * 50),
    "two bytes a letter": _said(head(), _BODY.decode().encode("utf-16")),
    "nul bytes": _events(b"\0" * 10_000),
    "random bytes": _events(bytes(range(256)) * 100),
    "only thoughts and an end": _events(
        event({"choices": [{"delta": {"thinking": _GOOD}}]}), chunk(None, "stop"), DONE
    ),
    "thoughts in parts": _content([{"type": "thinking", "thinking": _GOOD}, {"type": "reasoning", "text": _GOOD}]),
    "a tool as the reason": _choice({"delta": {}, "finish_reason": "tool_calls"}),
    "an error as an object": _events(event({"object": "error", "message": "out of memory", "code": 500})),
    "an error in detail": _events(event({"detail": "no such model"})),
    "an error without a field": _events(b'error: {"code": 500, "message": "slot unavailable"}\n\n'),
    "another answer than the first": _choice({"index": 1, "delta": {"content": _GOOD}}),
    "JSON without an end": _said(head(200, "application/x-ndjson"), b'{"message": {"content": "' + b"x" * 1_000),
}
EVENTS_WITH_A_STORY: dict[str, Answer] = {
    "no blank after data": _said(_STREAM.replace(b"data: ", b"data:")),
    "lines that end in CR LF": _said(head(), _BODY.replace(b"\n", b"\r\n")),
    "lines that end in CR": _said(head(), _BODY.replace(b"\n", b"\r")),
    "no empty lines": _said(head(), _BODY.replace(b"\n\n", b"\n")),
    "comments between": _said(head(), _BODY.replace(b"data:", b": ping\nevent: message\nid: 1\nretry: 5\ndata:")),
    "lines of JSON without events": _said(head(kind="application/x-ndjson"), *_ollama(_GOOD)),
    "lines of JSON called events": _said(head(), *_ollama(_GOOD)),
    "JSON over several lines": _said(head(), json.dumps(_whole_answer(_GOOD), indent=2).encode()),
    "events called JSON": _said(head(kind="application/json"), _BODY),
    "generated lines": _said(
        head(),
        *(
            json.dumps({"response": _GOOD[at : at + 9], "done": False}).encode() + b"\n"
            for at in range(0, len(_GOOD), 9)
        ),
    ),
    "completions": _events(
        *(event({"choices": [{"text": _GOOD[at : at + 9]}]}) for at in range(0, len(_GOOD), 9)), DONE
    ),
    "messages in pieces": _events(
        *(event({"choices": [{"message": {"content": _GOOD[at : at + 9]}}]}) for at in range(0, len(_GOOD), 9))
    ),
    "messages that grow": _events(
        *(event({"choices": [{"message": {"content": _GOOD[: at + 9]}}]}) for at in range(0, len(_GOOD), 9))
    ),
    "the whole message once more": _events(
        chunk(_GOOD), event({"choices": [{"message": {"content": _GOOD}, "finish_reason": "stop"}]})
    ),
    "an empty reason in each piece": _said(head(), _BODY.replace(b'"finish_reason": null', b'"finish_reason": ""')),
    "an unknown reason in each piece": _said(
        head(), _BODY.replace(b'"finish_reason": null', b'"finish_reason": "null"')
    ),
    "thoughts beside": _events(event({"choices": [{"delta": {"reasoning_content": "DRAFT"}}]}), chunk(_GOOD), DONE),
    "two answers at once": _events(
        *(event({"choices": [{"index": 1, "delta": {"content": "DRAFT"}}]}) for _ in range(3)), chunk(_GOOD), DONE
    ),
    "empty events before": _said(head(), b"data:\n\n" * 3 + b"data: {}\n\n" + _BODY),
    "done missing": _said(_STREAM.removesuffix(DONE)),
    "done twice": _said(_STREAM + DONE + b"data: rubbish\n\n"),
    "last line without an end": _events(chunk(_GOOD).rstrip(b"\n")),
    "a byte order mark": _said(head(), b"\xef\xbb\xbf" + _BODY),
    "one event": _events(chunk(_GOOD), DONE),
    "one byte at a time": lambda asked: (_STREAM[at : at + 1] for at in range(len(_STREAM))),
    "content in parts": _content([{"type": "text", "text": _GOOD}]),
    "no content type": _said(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + _BODY),
    "another content type": _said(head(kind="image/png") + _BODY),
    "charset": _said(head(kind="text/event-stream; charset=utf-8") + _BODY),
    "whole and not streamed": _said(whole(200, _whole_answer(_GOOD))),
    "whole and in parts": _said(whole(200, _whole_answer([{"type": "text", "text": _GOOD}]))),
    "an error with nothing in it": _said(whole(200, _whole_answer(_GOOD) | {"error": None})),
}
STATUSES: dict[str, Answer] = {
    **{f"status {status}": _status(status) for status in (400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 418)},
    **{f"status {status} again": _status(status) for status in (422, 451, 500, 501, 502, 504, 529, 599)},
    "no content": _said(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "unknown model": _status(404, {"error": {"message": 'model "m" not found, try pulling it first'}}),
    "a page": _said(head(200, "text/html"), b"<html>Sign in</html>"),
    "a page as refusal": _said(head(403, "text/html"), b"<html>" + b"x" * 100_000),
    "an endless refusal": _forever(head(400, "text/plain"), b"no! " * 1_000),
    "a refusal in controls": _status(400, {"error": {"message": "\x1b]0;x\x07\u202e" * 50}}),
    "a refusal nested": _said(head(400, "application/json"), b"[" * 60_000),
    "a refusal of no shape": _status(400, [[[]]]),
    "busy for a day": _status(429, Retry_After="86400"),
    "busy until a date": _status(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"),
    "busy for no number": _status(429, Retry_After="soon"),
    "busy for a negative time": _status(429, Retry_After="-5"),
    "busy without end": _status(429, Retry_After="0"),
    "loading": _status(503, {"error": {"message": "Loading model"}}),
    "whole without choices": _status(200, {"result": _GOOD}),
    "whole with an error": _status(200, {"error": {"message": "no such thing"}}),
    "whole and no JSON": _said(head(200, "application/json"), b"<!doctype html>"),
    "whole and nested": _said(head(200, "application/json"), b"[" * 100_000),
    "whole and a refusal": _status(200, {"choices": [{"message": {"refusal": "no", "content": None}}]}),
    "status of letters": _said(b"HTTP/1.1 abc OK\r\n\r\n"),
    "status 999": _said(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
    "informed for ever": _forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}
REDIRECTS: dict[str, Answer] = {
    f"{status} to {target}": _redirect(status, target)
    for status, target in (
        (301, "http://127.0.0.1:1/v1/chat/completions"),
        (302, "http://169.254.169.254/latest/meta-data"),
        (303, "https://example.org/v1"),
        (307, "/v1/chat/completions"),
        (308, "file:///etc/passwd"),
        (302, "//[::1]:1/"),
        (302, "http://\x7f/"),
        (302, "gopher://127.0.0.1:1/_x"),
    )
}
WIRE: dict[str, Answer] = {
    "closes at once": _said(),
    "closes after the status": _said(b"HTTP/1.1 200 OK\r\n"),
    "closes in the middle of a story": _said(_STREAM[: len(_STREAM) // 2]),
    "closes in the middle of a counted story": _fixed(_BODY[:300], head_lines="Content-Length: 5000"),
    "closes in the middle of a chunk": _fixed(b"FFF\r\nabc", head_lines="Transfer-Encoding: chunked"),
    "chunks of no size": _fixed(b"zz\r\nabc", head_lines="Transfer-Encoding: chunked"),
    "chunk of a negative size": _fixed(b"-5\r\nabc", head_lines="Transfer-Encoding: chunked"),
    "chunk of a huge size": _fixed(b"F" * 20 + b"\r\nabc", head_lines="Transfer-Encoding: chunked"),
    "a length of letters": _fixed(_BODY, head_lines="Content-Length: many"),
    "a negative length": _fixed(_BODY, head_lines="Content-Length: -1"),
    "two lengths": _fixed(_BODY, head_lines="Content-Length: 5\r\nContent-Length: 6"),
    "a length too short": _fixed(_BODY, head_lines="Content-Length: 40"),
    "a length of 50 MB": _fixed(b"x" * 100, head_lines=f"Content-Length: {_BIG}"),
    "a length beyond all": _fixed(b"x" * 100, head_lines="Content-Length: " + "9" * 40),
    "packed but asked not to": _said(head(Content_Encoding="gzip"), gzip.compress(_BODY)),
    "a packed bomb": _said(head(Content_Encoding="gzip"), gzip.compress(b"data: x\n\n" * 5_000_000, 1)),
    "packed by an unknown way": _said(head(Content_Encoding="zstd, br"), b"x" * 500),
    "packed without saying": _said(head(), gzip.compress(_BODY)),
    "another protocol": _said(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "encrypted where it should not be": _said(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200),
    "HTTP/0.9": _said(_GOOD.encode()),
    "a header of 1 MB": _said(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"),
    "50,000 headers": _said(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n"),
    "headers without end": _forever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1_000),
    "a header with a nul": _said(b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"),
    "a header without a colon": _said(b"HTTP/1.1 200 OK\r\nrubbish\r\n\r\n"),
    "50 MB of words": _forever(head(), chunk("the dog walks on and on " * 40) * 20),
    "50 MB in one event": _forever(head() + b'data: {"choices": [{"delta": {"content": "', b"x" * 65_536),
    "50 MB in one answer": _forever(head(200, "application/json") + b'{"choices": "', b"x" * 65_536),
    "50 MB of nothing": _forever(head(), b"\n" * 65_536),
    "50 MB of comments": _forever(head(), b": ping\n\n" * 8_192),
    "50 MB of data lines": _forever(head(), b"data: {}\n" * 8_192),
    "50 MB of thoughts": _forever(head() + chunk("<think>"), chunk("hmm " * 200) * 50),
    "50 MB of one prompt": _forever(head() + chunk('{"cards": [{"prompt": "'), chunk("very " * 200) * 50),
    "50 MB of blanks in the list": _forever(head() + chunk('{"cards": ['), chunk(" " * 900) * 50),
    "50 MB of commas in the list": _forever(head() + chunk('{"cards": ['), chunk("," * 900) * 50),
    "50 MB of brackets": _forever(head() + chunk('{"cards": ['), chunk("[" * 900) * 50),
    "drips its head": _forever(b"HTTP/1.1 200 OK\r\n", b"X", 0.02),
    "drips comments": _forever(head(), b":\n", 0.02),
    "drips words": _forever(head(), chunk("dog "), 0.02),
    "drips blanks": _forever(head() + chunk('{"cards": ['), chunk(" "), 0.02),
    "hangs before its head": _said(30.0),
    "hangs after its head": _said(head(), 30.0),
    "hangs in an event": _said(head(), b'data: {"choices": [', 30.0),
    "hangs in a card": _said(head(), chunk(_GOOD[:120]), 30.0),
    "refuses and hangs": _said(head(400, "application/json"), b'{"error": ', 30.0),
}
WIRE_WITH_A_STORY: dict[str, Answer] = {
    "cards without end": _forever(
        head() + chunk(_GOOD.removesuffix("]}")), chunk(', {"prompt": "Rex goes on and on."}') * 50
    ),
    "50 MB after the story": _forever(head() + chunk(_GOOD), chunk("more " * 100) * 50),
    "hangs after the story": _said(head(), chunk(_GOOD), 30.0),
    "HTTP/9.9": _said(b"HTTP/9.9 200 OK\r\n\r\n" + _BODY),
    "an error after the story": _events(chunk(_GOOD), event({"error": {"message": "out of memory"}})),
    "closes after the story": _said(head(Content_Length="500000"), chunk(_GOOD)),
    "a little late": _said(0.05, head(), 0.05, chunk(_GOOD), 0.05, DONE),
}

HOPELESS = EVENTS | STATUSES | REDIRECTS | WIRE
"""No story comes of them."""

SOUND = EVENTS_WITH_A_STORY | WIRE_WITH_A_STORY
"""Odd, but a story comes of them."""
