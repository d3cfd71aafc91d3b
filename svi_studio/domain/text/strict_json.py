"""JSON from a stranger: no NaN, no double keys, no depth, and a phrase for everything else that is wrong with it."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn


class StrictError(ValueError):
    """What is wrong, as a phrase that goes behind a colon."""


class NotJsonError(StrictError):
    """It is written otherwise than JSON is; what it says may still be plain."""


def strict_json(text: str, max_depth: int) -> Any:
    """The JSON value ``text``, nested at most ``max_depth`` deep.

    Raises StrictError for anything that two readers could understand differently, NotJsonError for other writing.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_double_keys)
    except StrictError:
        raise
    except RecursionError as error:
        raise StrictError("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise NotJsonError(f"it is not JSON at line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        raise StrictError("a number in it is too long") from error
    if _is_deeper(value, max_depth):
        raise StrictError("it is nested too deeply")
    return value


def _no_constant(name: str) -> NoReturn:
    raise StrictError(f"{name} is not a number")


def _no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise StrictError("a name stands twice in one object")
    return document


def _is_deeper(value: Any, max_depth: int) -> bool:
    level = _containers([value])
    for _ in range(max_depth):
        level = [child for node in level for child in _containers(node.values() if isinstance(node, dict) else node)]
        if not level:
            return False
    return bool(level)


def _containers(values: Iterable[Any]) -> list[dict[str, Any] | list[Any]]:
    return [value for value in values if isinstance(value, dict | list)]
