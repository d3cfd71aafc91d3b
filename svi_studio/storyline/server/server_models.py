"""Which models an OpenAI-compatible server offers."""

import re
from typing import Any

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.net.errand import never
from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret
from svi_studio.storyline.chat import Cancelled
from svi_studio.storyline.replies.strict_reply import one_line, reply_json
from svi_studio.storyline.server.chat_events import Speaker
from svi_studio.storyline.server.server_address import api_root
from svi_studio.storyline.server.server_chat import MakeClient, users_server
from svi_studio.storyline.server.server_refusal import Addressee, refusal
from svi_studio.storyline.server.spoken_key import SpokenKey

MAX_MODELS = 500
MAX_NAME_CHARS = 200
_DEADLINE_S = 10.0
_NO_WRITER = re.compile(r"embed|rerank|whisper|\btts\b|moderation|transcri|dall-e|diffusion", re.IGNORECASE)
_MAX_BYTES = 2_000_000


def model_names(
    base_url: str,
    key: Secret | None = None,
    *,
    cancelled: Cancelled = never,
    deadline_s: float = _DEADLINE_S,
    make_client: MakeClient = users_server,
) -> tuple[str, ...]:
    """The names of the models at ``base_url``; at least one, at most 500.

    They come in the server's order, but those that by their names write no text come last.

    Also the test of an address and a key. Raises NetError, NoAnswer or Stopped with one sentence.
    """
    address = f"{api_root(base_url)}/models"
    speaker = Speaker(str(Origin.of(address)), SpokenKey(key).hide)
    client = make_client(deadline_s, _MAX_BYTES)
    reply = client.get(address, accept="application/json", key=key, cancelled=cancelled)
    if reply.status >= 300:
        raise refusal(reply.status, reply.headers, reply.content, Addressee(speaker, "", has_key=key is not None))
    names = _names(reply.content.decode("utf-8", "replace"), speaker)
    if not names:
        raise speaker.failed("offers no model: load or download one there first.")
    return names


def _names(text: str, speaker: Speaker) -> tuple[str, ...]:
    not_a_list = speaker.failed("does not list its models as a chat server does: check its address.", text)
    try:
        document = reply_json(text)
    except StrictError:
        raise not_a_list from None
    listed = _listed(document)
    if listed is None:
        raise not_a_list
    names = (each.get("id") or each.get("name") for each in listed if isinstance(each, dict))
    sound = dict.fromkeys(speaker.hide(name) for name in names if isinstance(name, str) and _is_sound(name))
    return tuple(sorted(sound, key=lambda name: _NO_WRITER.search(name) is not None))[:MAX_MODELS]


def _listed(document: Any) -> list[Any] | None:
    """The entries of a list of models, none where the server says so; None when it is no such list."""
    if isinstance(document, list) and document and all(isinstance(each, dict) for each in document):
        return document
    found = [document[name] for name in ("data", "models") if name in document] if isinstance(document, dict) else []
    if any(isinstance(each, list) for each in found):
        return next(each for each in found if isinstance(each, list))
    return [] if found and all(each is None or each == {} for each in found) else None


def _is_sound(name: str) -> bool:
    try:
        return one_line(name, MAX_NAME_CHARS) == name
    except StrictError:
        return False
