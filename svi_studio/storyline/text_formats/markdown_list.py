"""Prompts in Markdown: the items of its lists, else its paragraphs; a heading over several of them is a scene."""

import csv
import io
import re
from dataclasses import dataclass, field

_NOT_SHOWN = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)[ \t]*\n|<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"#{1,6}(?:\s+|$)(.*)")
_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+•]|\d{1,6}[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>.*)")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,}|`{3}.*|~{3}.*)")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_MARKS = (
    (re.compile(r"!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]]{1,500})\]\([^()]{0,2000}\)"), r"\1"),
    (re.compile(r"\*\*(?=\S)([^*]{1,9000})(?<=\S)\*\*"), r"\1"),
    (re.compile(r"__(?=\S)([^_]{1,9000})(?<=\S)__"), r"\1"),
    (re.compile(r"~~(?=\S)([^~]{1,9000})(?<=\S)~~"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]{1,9000})(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`]{1,9000})`"), r"\1"),
)
"""None may hold its own sign, so that a line of nothing but signs is passed over in one go."""


@dataclass
class _Part:
    """What stands below one heading, each as its lines: a text that grows by a line is copied with every one."""

    items: list[list[str]] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)


def read_markdown(text: str) -> tuple[list[tuple[str, bool | None]], int]:
    """The prompts, whether a scene begins with them, and how many paragraphs beside lists were passed over."""
    parts = _parts(_NOT_SHOWN.sub("", text).split("\n"))
    lists = any(part.items for part in parts)
    found = [[plain(" ".join(each)) for each in (part.items if lists else part.paragraphs)] for part in parts]
    scenes = [prompts for prompts in found if prompts]
    passed_over = sum(len(part.paragraphs) for part in parts) if lists else 0
    if len(scenes) < 2 or all(len(prompts) == 1 for prompts in scenes):
        return [(prompt, None) for prompts in scenes for prompt in prompts], passed_over
    return [(prompt, place == 0) for prompts in scenes for place, prompt in enumerate(prompts)], passed_over


def table_in(text: str) -> str | None:
    """The first table of a Markdown text as CSV; None without one."""
    lines = text.split("\n")
    for number in range(1, len(lines)):
        if "|" in lines[number - 1] and "|" in lines[number] and _TABLE_RULE.fullmatch(lines[number]):
            rows = [lines[number - 1]]
            for line in lines[number + 1 :]:
                if "|" not in line:
                    break
                rows.append(line)
            page = io.StringIO()
            csv.writer(page, lineterminator="\n").writerows([plain(cell) for cell in _cells(row)] for row in rows)
            return page.getvalue()
    return None


def plain(text: str) -> str:
    """``text`` without marks of emphasis, code and links."""
    for mark, instead in _MARKS:
        text = mark.sub(instead, text)
    return text.strip()


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _parts(lines: list[str]) -> list[_Part]:
    parts, goes_on, indent = [_Part()], False, 0
    for raw in lines:
        line = raw.rstrip().lstrip(">") if raw.lstrip().startswith(">") else raw.rstrip()
        if not line.strip() or _RULE.fullmatch(line):
            goes_on = False
        elif _HEADING.fullmatch(line.lstrip()):
            parts.append(_Part())
            goes_on = False
        elif (item := _ITEM.fullmatch(line)) is not None:
            indent = _add_item(parts[-1], item, indent)
            goes_on = True
        else:
            _add_text(parts[-1], line, goes_on=goes_on)
            goes_on = True
    return parts


def _add_item(part: _Part, item: re.Match[str], indent: int) -> int:
    """Adds it, or what it says to the item that it is indented below; returns the indent of the list."""
    here = len(item["indent"].expandtabs(4))
    if part.items and here > indent + 1:
        part.items[-1].append(item["text"].strip())
        return indent
    part.items.append([item["text"].strip()])
    return here


def _add_text(part: _Part, line: str, *, goes_on: bool) -> None:
    indented = line.startswith((" ", "\t"))
    if part.items and (goes_on or indented):
        part.items[-1].append(line.strip())
    elif goes_on and part.paragraphs:
        part.paragraphs[-1].append(line.strip())
    else:
        part.paragraphs.append([line.strip()])
