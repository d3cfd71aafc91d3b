"""JSON from a stranger: bounded in size and depth, no NaN, no double keys, and a clear sentence for everything else."""

import json
from pathlib import Path
from typing import Any, NoReturn

from svi_studio.domain.errors import BadProject

MAX_BYTES = 32 << 20
MAX_PARTS = 1_000_000  # objects and lists; empty ones are far larger in memory than in the file
MAX_DEPTH = 32


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a plain file of at most ``limit`` bytes. Raises BadProject."""
    try:
        if not path.is_file():
            raise BadProject(f"There is no file {path}: check the name.")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not possible"
        raise BadProject(f"{path} cannot be read ({reason}): check it and its permissions.") from error
    if len(content) > limit:
        raise BadProject(f"{path} is larger than {limit >> 20} MB, which no storyboard is: choose another file.")
    return content


def parse_object(content: bytes, path: Path) -> dict[str, Any]:
    """The JSON object in ``content``; ``path`` is for the sentence. Raises BadProject."""
    if content.count(b"{") + content.count(b"[") > MAX_PARTS:
        raise BadProject(f"{path} is not a storyboard that can be read: it has too many parts.")
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_double_keys)
    except (ValueError, RecursionError) as error:
        raise BadProject(f"{path} is not a storyboard that can be read: {_reason(error)}.") from error
    if not isinstance(document, dict):
        raise BadProject(f"{path} is not a storyboard: it must hold one JSON object.")
    if _too_deep(document):
        raise BadProject(f"{path} is not a storyboard that can be read: it is nested too deeply.")
    return document


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON at line {error.lineno}, column {error.colno}"
    return str(error) if isinstance(error, _RefusedError) else "a number in it is too long"


class _RefusedError(ValueError):
    pass


def _no_constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is not a number")


def _no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _RefusedError("a name stands twice in one object")
    return document


def _too_deep(document: dict[str, Any]) -> bool:
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: Any) -> list[Any]:
    inside = node.values() if isinstance(node, dict) else node
    return [child for child in inside if isinstance(child, dict | list)]
