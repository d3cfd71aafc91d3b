"""The base of every value: frozen, strict about types, closed to unknown fields, and the bounded texts they share."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

MAX_SEED = 2**53 - 1


class Value(BaseModel):
    """A plain value: equal by content, never changed in place, no NaN, no infinity, no unknown field."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=(), ser_json_bytes="base64"
    )


V = TypeVar("V", bound=Value)


def with_fields(value: V, checked: Mapping[str, Any]) -> V:
    """``value`` with the fields ``checked``, which nobody checks again."""
    return of_fields(type(value), {**value.__dict__, **checked})


def of_fields(kind: type[V], fields: dict[str, Any]) -> V:
    """A value of exactly ``fields``, which nobody checks and which the value keeps."""
    return all_of_fields(kind, (fields,))[0]


def all_of_fields(kind: type[V], contents: Iterable[dict[str, Any]]) -> list[V]:
    """Values of exactly these fields, a dict each, which nobody checks and which the values keep.

    ``model_construct`` in one loop and without its detours: thousands of clips change at once while somebody waits.
    """
    new, put, names = kind.__new__, object.__setattr__, _names(kind)  # past the freezing of values
    made = []
    for fields in contents:
        value = new(kind)
        put(value, "__dict__", fields)
        put(value, "__pydantic_fields_set__", names)
        put(value, "__pydantic_extra__", None)
        put(value, "__pydantic_private__", None)
        made.append(value)
    return made


@cache
def _names(kind: type[Value]) -> set[str]:
    return set(kind.model_fields)


def _portable_path(text: str) -> str:
    parts = re.split(r"[/\\]", text)
    if "" in parts or ".." in parts or "." in parts:
        raise ValueError("must be a relative path below the film's own folder, without '..'")
    if any(ord(char) < 32 or char in ':*?"<>|' for char in text):
        raise ValueError("must be a relative path of plain characters, without a drive, ':' or control characters")
    if "\\" in text:
        raise ValueError("must use '/' between folders")
    return text


def _no_separator(text: str) -> str:
    if any(ord(char) < 32 or char in '/\\:*?"<>|' for char in text) or text.startswith("."):
        raise ValueError("must be a name, not a path")
    return text


RelativePath = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_portable_path)]
"""A file below the folder of the storyboard, with '/' between folders; never absolute, never a drive or a share."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_no_separator)]
"""A name that is safe as one part of a path."""

Text = Annotated[str, StringConstraints(max_length=10_000)]
"""Words for people or for the text encoder."""

ShortText = Annotated[str, StringConstraints(max_length=500)]

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 as 64 lower-case hexadecimal digits."""


def first_problem(error: ValidationError) -> str:
    """The first thing that a strict check refused, as a phrase: where, then what (``clips 3 prompt: ...``)."""
    problem = error.errors(include_url=False, include_input=False)[0]
    where = " ".join(str(part + 1) if isinstance(part, int) else str(part)[:60] for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "string_too_long":
        what = f"use at most {problem['ctx']['max_length']:,} characters"
    if problem["type"] == "too_long":
        what = f"use at most {problem['ctx']['max_length']:,}"
    if problem["type"] == "string_unicode":
        what = "half of a character cannot be saved, so type it again"
    return f"{where}: {what}" if where else what
