"""A conversation as the body of a request to ``/v1/chat/completions``, with pictures inside it."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from svi_studio.media.images import open_reference
from svi_studio.storyline.chat import Message

MAX_SIDE = 1024
_JPEG_QUALITY = 85
_MAX_SEED = 2**31 - 1  # what most servers keep a seed in

Form = Literal["json_schema", "json_object", "text"]
Limit = Literal["max_tokens", "max_completion_tokens", ""]
_BOUNDS = frozenset(("maxLength", "minItems", "maxItems"))
_NEXT_FORM: dict[Form, Form] = {"json_schema": "json_object", "json_object": "text"}


@dataclass(frozen=True)
class Dialect:
    """What one server and model understand of the protocol, as learnt from what they refused."""

    form: Form = "json_schema"
    bounds: bool = True  # of texts and lists in a schema
    sees_pictures: bool = True
    takes_seed: bool = True
    limit: Limit = "max_tokens"

    def with_simpler_form(self) -> "Dialect | None":
        """The same, held to a simpler form of answer; None when there is none."""
        simpler = _NEXT_FORM.get(self.form)
        return None if simpler is None else replace(self, form=simpler)

    def without_bounds(self) -> "Dialect | None":
        """The same with a schema that bounds nothing; None when it is so already."""
        return replace(self, bounds=False) if self.form == "json_schema" and self.bounds else None

    def with_other_limit(self) -> "Dialect":
        """The same, with the other name for the longest answer, and then without one."""
        return replace(self, limit="max_completion_tokens" if self.limit == "max_tokens" else "")


def request_body(
    model: str,
    messages: Sequence[Message],
    dialect: Dialect,
    *,
    max_tokens: int,
    schema: Mapping[str, Any] | None,
    seed: int,
) -> dict[str, Any]:
    """The body of a streamed request. Reads the pictures; raises BadInput for one that is not sound."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(each, dialect.sees_pictures) for each in messages],
        "stream": True,
    }
    if dialect.limit:
        body[dialect.limit] = max_tokens
    if dialect.takes_seed:
        body["seed"] = seed & _MAX_SEED
    if schema is not None and dialect.form != "text":
        body["response_format"] = _response_format(dialect, schema)
    return body


def _response_format(dialect: Dialect, schema: Mapping[str, Any]) -> dict[str, Any]:
    if dialect.form == "json_object":
        return {"type": "json_object"}
    wanted = dict(schema) if dialect.bounds else _unbounded(schema)
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": wanted}}


def _unbounded(schema: Any) -> Any:
    """The schema without its bounds, which not every server knows."""
    if isinstance(schema, Mapping):
        return {name: _unbounded(each) for name, each in schema.items() if name not in _BOUNDS}
    return schema


def _message(message: Message, with_pictures: bool) -> dict[str, Any]:
    if not message.images or not with_pictures:
        return {"role": message.role, "content": message.text}
    parts: list[dict[str, Any]] = [{"type": "text", "text": message.text}]
    parts += [{"type": "image_url", "image_url": {"url": data_url(path)}} for path in message.images]
    return {"role": message.role, "content": parts}


def data_url(path: Path) -> str:
    """The picture as a JPEG of at most 1024 pixels a side, in a ``data:`` address. Raises BadInput."""
    picture = open_reference(path)
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
