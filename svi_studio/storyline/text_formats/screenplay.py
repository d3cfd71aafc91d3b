"""Screenplays in Fountain (fountain.io/syntax): a scene heading is a cut, and every paragraph of action is a prompt."""

import re
from collections.abc import Iterator, Sequence

from svi_studio.domain.story.prompt_text import one_line

_HEADING = re.compile(r"(?:(?:INT|EXT|EST|INT\.?/EXT|I/E)[. ]|\.(?=[^.\s])).*", re.IGNORECASE)
_SURE_HEADING = re.compile(r"(?:(?:INT|EXT|EST|INT\.?/EXT|I/E)[. ]|\.(?=[A-Z])).*")
_TITLE_PAGE = re.compile(r"(?:title|credit|authors?|source|draft date|date|contact|copyright|notes|revision):", re.I)
_SCENE = ".Scene "
_CUE = re.compile(r"(?P<name>[^()]{1,200}?)\s*(?:\([^()]{0,100}\)\s*)*\^?")
"""Who speaks, in capitals: with remarks in brackets in letters of any kind, and ^ for those who speak at once."""
_REMARK = re.compile(
    r"\((?:cont['’.]?d?|continued|v\.?\s?o\.?|o\.?\s?[sc]\.?|off[ -]?screen|voice ?over)\.?\)", re.IGNORECASE
)
_TRANSITION = re.compile(
    r"(?:.*\bTO|FADE (?:IN|OUT)|(?:CUT|FADE|DISSOLVE|SMASH CUT|MATCH CUT|JUMP CUT) TO .{1,40}|IRIS (?:IN|OUT)"
    r"|(?:SMASH|JUMP|MATCH) CUT|THE END)[.:]"
)


def is_screenplay(text: str) -> bool:
    """Whether a line of ``text`` that stands alone is a scene heading in capitals."""
    return any(len(part) == 1 and _SURE_HEADING.fullmatch(part[0]) for part in _paragraphs(text))


def read_screenplay(text: str) -> list[tuple[str, bool | None]]:
    """The paragraphs of action, and whether a scene heading stands before them; dialogue and notes are passed over."""
    found: list[tuple[str, bool | None]] = []
    cut = False
    for number, lines in enumerate(_paragraphs(text)):
        if number == 0 and _TITLE_PAGE.match(lines[0]):
            continue
        if _HEADING.fullmatch(lines[0]):
            cut = True
            lines = lines[1:]  # noqa: PLW2901 - what follows the heading at once
        action = _action(lines)
        if action:
            found.append((action, cut))
            cut = False
    return found


def write_screenplay(clips: Sequence[tuple[str, bool]], title: str) -> str:
    """The prompts as a screenplay, with a heading where a scene begins; the first one always has one.

    Fountain has no sign for its own brackets of notes, so ``[[`` and ``/*`` are written apart.
    """
    paragraphs = [f"Title: {one_line(title)}"] if title.strip() else []
    scene = 0
    for index, (text, cut) in enumerate(clips):
        if cut or index == 0:
            scene += 1
            paragraphs.append(f"{_SCENE}{scene}")
        paragraphs.append(_forced(one_line(text).replace("[[", "[ [").replace("/*", "/ *")))
    return "\n\n".join(paragraphs) + "\n"


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The lines between blank ones, without notes, and without what was commented out."""
    shown = re.sub(r"/\*.*?(?:\*/|\Z)|\[\[.*?(?:\]\]|\Z)", "", text, flags=re.DOTALL)
    lines: list[str] = []
    for line in [*shown.splitlines(), ""]:
        if line.strip():
            lines.append(line.strip())
        elif len(line) > 1 and lines and _is_cue(lines[0], alone=False):
            lines.append("")  # two blanks keep a speech together
        elif lines:
            yield lines
            lines = []


def _action(lines: Sequence[str]) -> str:
    """The action in a paragraph, on one line; empty for dialogue, transitions, sections and the like."""
    if not lines or _is_no_action(lines):
        return ""
    return " ".join(line.removeprefix("!") for line in lines)


def _is_no_action(lines: Sequence[str]) -> bool:
    first = lines[0]
    if first.startswith("!"):
        return False
    if first.startswith(("@", "#", "=", "~", ">")):
        return True
    return _is_cue(first, alone=len(lines) == 1) or (first.isupper() and _TRANSITION.fullmatch(first) is not None)


def _is_cue(line: str, *, alone: bool) -> bool:
    """Whether somebody speaks below ``line``; a name ``alone`` is action, unless it is remarked how it is spoken."""
    cue = _CUE.fullmatch(line)
    return cue is not None and cue["name"].isupper() and (not alone or _REMARK.search(line) is not None)


def _forced(line: str) -> str:
    """``line`` so that it is read as action, whatever it begins with."""
    return f"!{line}" if line.startswith("!") or _HEADING.fullmatch(line) or _is_no_action([line]) else line
