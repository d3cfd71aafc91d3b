"""Asks a model on an OpenAI-compatible server: Ollama, LM Studio, llama.cpp, vLLM, or a hosted one.

https://platform.openai.com/docs/api-reference/chat
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from svi_studio.domain.errors import Stopped
from svi_studio.domain.story.answer import Aside, Doing
from svi_studio.net.guarded_client import GuardedClient, OpenReply, guarded_client
from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret
from svi_studio.storyline.chat import Cancelled, Message
from svi_studio.storyline.server.chat_events import Speaker, answer_text, error_words
from svi_studio.storyline.server.chat_request import Dialect, request_body
from svi_studio.storyline.server.model_label import model_label
from svi_studio.storyline.server.server_address import api_root
from svi_studio.storyline.server.server_refusal import (
    Addressee,
    is_loading,
    is_too_long,
    refusal,
    simpler_dialect,
    wait_wanted,
)
from svi_studio.storyline.server.spoken_key import SpokenKey
from svi_studio.storyline.story_errors import ContextOverflow, NoAnswer

MAX_BYTES = 2_000_000
SILENCE_S = 600.0
"""How long a server may say nothing: a large model on a small computer reads a long request for minutes."""
_MAX_REFUSAL_BYTES = 64 << 10
_MOST_ASKS = 8  # of one request, each in simpler words than the one before
_TICK_S = 0.05

MakeClient = Callable[[float, int], GuardedClient]
"""A client of so many seconds and bytes."""


def users_server(deadline_s: float, max_bytes: int = MAX_BYTES) -> GuardedClient:
    """A client for a server that the user named: it may be this computer or stand in the own network."""
    return guarded_client(deadline_s=deadline_s, max_bytes=max_bytes, allow_private=True, silence_s=SILENCE_S)


class ServerChat:
    """A ``ChatModel`` on a server. Remembers what the server did not understand, and then asks without it."""

    def __init__(
        self, base_url: str, model: str, key: Secret | None = None, make_client: MakeClient = users_server
    ) -> None:
        """``base_url`` as a user types it. Raises BadAddress; sends nothing yet."""
        self._url = f"{api_root(base_url)}/chat/completions"
        self._spoken = SpokenKey(key)
        self._speaker = Speaker(str(Origin.of(self._url)), self._hidden)
        self._model, self._label = model, model_label(model)
        self._key = key
        self._make_client = make_client
        self._dialect = Dialect()

    @property
    def name(self) -> str:
        """The model's name on its server, without the folders there."""
        return self._label

    @property
    def sees_pictures(self) -> bool:
        """True until the server refuses a picture."""
        return self._dialect.sees_pictures

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        schema: Mapping[str, Any] | None,
        cancelled: Cancelled,
        deadline_s: float,
        seed: int = 0,
    ) -> Iterator[str | Aside]:
        """The answer as it comes, at most 2 MB of it on the wire.

        A model that is still being loaded is waited for. Raises BadInput for a picture, NetError for the way there,
        ContextOverflow when less has to be asked for, NoAnswer for the server, and Stopped.
        """
        end = time.monotonic() + deadline_s
        has_pictures = any(message.images for message in messages)
        asks, may_wait = 0, True
        while asks < _MOST_ASKS:
            yield Aside(Doing.READING)
            body = request_body(self._model, messages, self._dialect, max_tokens=max_tokens, schema=schema, seed=seed)
            with self._asked(body, end, cancelled) as reply:
                if reply.status < 300:
                    yield from self._spoken.hidden(self._text(reply))
                    return
                said = _beginning(reply)
            wait = wait_wanted(reply.status, reply.headers)
            if is_too_long(reply.status, said):
                raise self._overflow(reply, said)
            if simpler := simpler_dialect(reply.status, said, self._dialect, has_pictures):
                self._dialect, asks = simpler, asks + 1
            elif wait is not None and time.monotonic() + wait < end and (may_wait or is_loading(reply.status, said)):
                may_wait = False
                yield Aside(Doing.LOADING)
                _wait(wait, cancelled)
            else:
                raise self._refused(reply, said)
        raise self._speaker.failed("understands no request for a story: use another server or model.")

    def _asked(self, body: dict[str, Any], end: float, cancelled: Cancelled) -> AbstractContextManager[OpenReply]:
        client = self._make_client(max(end - time.monotonic(), 0.001), MAX_BYTES)
        headers = {"Accept": "text/event-stream, application/json"}
        return client.open("POST", self._url, json=body, headers=headers, key=self._key, cancelled=cancelled)

    def _text(self, reply: OpenReply) -> Iterator[str | Aside]:
        if "html" in reply.kind:
            raise self._speaker.failed("answers with a web page and not as a chat server: check its address.")
        yield from answer_text(reply.pieces(), self._speaker)

    def _refused(self, reply: OpenReply, said: bytes) -> NoAnswer:
        to = Addressee(self._speaker, self._label, has_key=self._key is not None)
        return refusal(reply.status, reply.headers, said, to)

    def _overflow(self, reply: OpenReply, said: bytes) -> ContextOverflow:
        words = error_words(said, self._speaker)
        return ContextOverflow(
            f'{self._speaker.server} says that this is too long for "{self._label}": start it there with a larger '
            "context, or use a model that takes more." + (f' It says "{words}".' if words else ""),
            self._hidden(said.decode("utf-8", "replace")),
        )

    def _hidden(self, text: str) -> str:
        """The server's words without the key, and without folders of that computer."""
        if self._model != self._label:
            for place in (self._model, json.dumps(self._model)[1:-1]):
                text = text.replace(place, self._label)
        return self._spoken.hide(text)


def _beginning(reply: OpenReply) -> bytes:
    """The start of what a server says of its refusal."""
    content = b""
    for piece in reply.pieces():
        content += piece
        if len(content) >= _MAX_REFUSAL_BYTES:
            break
    return content[:_MAX_REFUSAL_BYTES]


def _wait(seconds: float, cancelled: Cancelled) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancelled():
            raise Stopped("The request was stopped.")
        time.sleep(min(_TICK_S, left))
