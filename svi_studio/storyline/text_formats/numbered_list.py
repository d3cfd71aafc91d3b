"""Numbered prompts: ``1. ...``, ``2) ...`` or ``Clip 3: ...``; a long one may go on in the lines below its number."""

import re
from collections.abc import Sequence

from svi_studio.domain.story.prompt_text import one_line

_NUMBERED = re.compile(
    r"\s*(?:(?:clip|prompt|scene|shot)\s{0,9}#?(?P<named>\d{1,6})\s?(?P<cut>\(cut\))?\s?[:.)\-–—]"
    r"|(?P<bare>\d{1,6})[.):](?=\s|$))\s*(?P<text>.*)",
    re.IGNORECASE,
)


_OWN = re.compile(r"Clip (?P<number>\d{1,6})(?: \(cut\))?: .*")


def is_own_list(lines: Sequence[str]) -> bool:
    """Whether ``lines`` are what ``write_numbered_list`` writes: then all that stands behind a number is words."""
    numbers = [int(found["number"]) if (found := _OWN.fullmatch(line)) else 0 for line in lines]
    return bool(lines) and numbers == list(range(1, len(lines) + 1))


def is_numbered_list(lines: Sequence[str]) -> bool:
    """Whether ``lines``, none of them blank, begin with a number, and all numbers go up."""
    if not lines or not _NUMBERED.fullmatch(lines[0]):
        return False
    last, count = -1, 0
    for line in lines:
        if (found := _NUMBERED.fullmatch(line)) is not None:
            number = int(found["named"] or found["bare"])
            if number <= last:
                return False
            last, count = number, count + 1
    return count > 1 or len(lines) == 1


def read_numbered_list(lines: Sequence[str]) -> list[tuple[str, bool | None]]:
    """The prompts of a numbered list; ``(cut)`` after a number marks a new scene, in lists that have such marks."""
    found: list[tuple[list[str], bool]] = []
    for line in lines:
        match = _NUMBERED.fullmatch(line)
        if match is None:
            found[-1][0].append(line.strip())
        else:
            found.append(([match["text"]], match["cut"] is not None))
    tells_cuts = any(cut for _, cut in found)
    return [(" ".join(parts), cut if tells_cuts else None) for parts, cut in found]


def write_numbered_list(clips: Sequence[tuple[str, bool]]) -> str:
    """A list of ``Clip 1: ...``, of prompts and whether a scene begins with them."""
    rows = (f"Clip {number}{' (cut)' if cut else ''}: {one_line(text)}" for number, (text, cut) in enumerate(clips, 1))
    return "".join(f"{row}\n" for row in rows)
