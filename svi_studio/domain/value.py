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
    known = dict(problem.get("ctx") or {})
    what = str(known.get("error") or problem["msg"].removeprefix("Value error, "))
    if problem["type"] != "value_error":
        what = _PROBLEMS.get(problem["type"], "this is not possible here").format(**known)
    return f"{where}: {what}" if where else what


_PROBLEMS = {
    "string_too_long": "use at most {max_length:,} characters",
    "string_too_short": "use at least {min_length:,} characters",
    "too_long": "use at most {max_length:,}",
    "too_short": "use at least {min_length:,}",
    "string_unicode": "half of a character cannot be saved, so type it again",
    "string_type": "this must be text",
    "string_pattern_mismatch": "this text has another form than it must have",
    "int_type": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "int_parsing_size": "this number is too large",
    "float_type": "this must be a number",
    "finite_number": "this must be a number",
    "bool_type": "this must be true or false",
    "list_type": "this must be a list",
    "tuple_type": "this must be a list",
    "dict_type": "this must be an object with names",
    "model_type": "this must be an object with names",
    "model_attributes_type": "this must be an object with names",
    "missing": "this is missing",
    "extra_forbidden": "this name is not known here",
    "literal_error": "this must be {expected}",
    "enum": "this must be {expected}",
    "greater_than": "this must be more than {gt}",
    "greater_than_equal": "this must be at least {ge}",
    "less_than": "this must be less than {lt}",
    "less_than_equal": "this must be at most {le}",
    "union_tag_invalid": "this is of a kind that is not known here",
    "union_tag_not_found": "this does not say of which kind it is",
    "json_invalid": "this is not valid JSON",
}
"""What pydantic found, in this program's words."""
