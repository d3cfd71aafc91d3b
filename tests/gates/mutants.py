"""Bytes changed, dropped, doubled, moved and cut: what lies in a damaged or hostile file."""

import json
import random
from copy import deepcopy
from typing import Any

_SPICE = (b"\x00", b"\xff", b"\n", b'"', b"\\", b"{", b"}", b"[" * 50, b"]", b"NaN", b"1e999", b"-1", b"\\ud800")
_SPICE += (b"../", b"/etc/passwd", b"null", b"true", b"9" * 400, b'"__proto__":', b"\xe2\x80\xae", b"\xf0\x9f")

_VALUES: tuple[Any, ...] = (None, True, -1, 2**53, 10**40, 1e308, float("nan"), "", "../x", "/etc/passwd", "c1", 99)
_VALUES += ("\u202e", "\ud800", "x" * 20_000, [], {}, [[]] * 50, {"a": {"a": {}}}, ["x"] * 5_000)


def with_another_value(content: bytes, dice: random.Random) -> bytes:
    """A JSON document as sound as before, but with another value at one to three places: what a parser lets through."""
    document = json.loads(content)
    for _ in range(dice.randint(1, 3)):
        place, key = dice.choice([*_places(document)])
        place[key] = deepcopy(dice.choice(_VALUES))
    return json.dumps(document).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in ``value`` with each of its keys."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [pair for key in keys for pair in [(value, key), *_places(value[key])]]


def mutated(content: bytes, dice: random.Random) -> bytes:
    """One to six changes of ``content``, at most a few times as long."""
    for _ in range(dice.randint(1, 6)):
        content = _changed(content, dice)
    return content


def _changed(content: bytes, dice: random.Random) -> bytes:
    start, end = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    match dice.randrange(7):
        case 0:
            return content[:start] + dice.choice(_SPICE) + content[start:]
        case 1:
            return content[:start] + content[start + dice.randint(1, 30) :]
        case 2 if len(content) < 200_000:
            return content[:end] + content[start:]
        case 3:
            return content[:start]
        case 4:
            return content[:start] + content[end:] + content[start:end]
        case 5:
            return (
                content[:start] + bytes(dice.randrange(256) for _ in range(dice.randint(1, 8))) + content[start + 1 :]
            )
    return content[:start] + bytes([dice.randrange(256)]) + content[start + 1 :]
