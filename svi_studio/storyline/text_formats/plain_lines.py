"""Prompts as plain lines: without comments, the settings of other programs, numbers, times and bullets before them."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from svi_studio.domain.story.proposal import LONGEST_PROMPT
from svi_studio.storyline.text_formats.numbered_list import is_numbered_list, is_own_list, read_numbered_list

_COMMENT = re.compile(r"\s*(?:#(?!\s?\d{1,6}\s*[:.)\-–—])|//|;)")
_DIVIDER = re.compile(r"\s*([-*=_~])(?:\s*\1){2,}\s*")
_NEGATIVE = re.compile(r"\s*negative(?:[ _]prompts?)?\s*[:=]", re.IGNORECASE)
_NUMBER_SETTINGS = (
    "steps|seed|cfg(?:[ _]scale)?|guidance(?:[ _]scale)?|size|resolution|width|height|fps|frames|num[ _]frames|duration"
    "|num[ _]inference[ _]steps|length|strength|denoise|denoising strength|shift|aspect(?:[ _]ratio)?"
)
_SETTING = re.compile(
    rf"\s*(?:(?:{_NUMBER_SETTINGS})\s*[:=]\s*-?[\d.x:/ ]+(?:s|sec|fps|px|frames|%)?"
    r"|(?:sampler|scheduler|model|lora|vae)\s*[:=]\s*\S+)\s*(?:,|$)",
    re.IGNORECASE,
)
_KEY = re.compile(r"\s*(?:positive[ _])?prompt\s*[:=]\s*", re.IGNORECASE)
_FLAGS = re.compile(r"(?:\s+--[a-z][a-z_-]{0,20}(?:[ =](?!--)\S{1,40})?)+\s*\Z", re.IGNORECASE)
_LONGEST_OPTIONS = 4 * LONGEST_PROMPT  # letters of a command line; a longer one is read as words, which are too many
_BULLET = re.compile(r"\s*(?:[-*+•–—▪‣·]\s+|#\s?(?=\d{1,6}\s*[:.)\-–—]))(?:\[[ xX]\]\s+)?")
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten"
_LABEL = re.compile(
    r"\s*[*_]{0,3}(?:clip|prompt|scene|shot|part|segment|beat|panel|sequence|frame|image|video|card|cut|take)\s{0,9}"
    rf"(?:#|no\.?\s?|nr\.?\s?)?(?P<number>\d{{1,6}}|(?:{_NUMBERS})\b)[a-z]?"
    r"(?:\s?(?P<cut>\(cut\))|\s?[\[(][\d:.,\s\-–—a-z]{1,40}[\])])?"
    r"\s?[*_]{0,3}\s?(?:[:.)\-–—|]+(?=[\s*_]|$|(?<=:))|$)[*_]{0,3}\s*",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_SECONDS = r"\d{1,3}(?:\.\d{1,3})?\s?(?:s|secs?|seconds?)"
_NUMBER = r"\d{1,6}(?:\.\d{1,3})?"
_DASH = r"\s?(?:-{1,2}>?|–|—|→|to)\s?"
_IN_BRACKETS = re.compile(
    rf"\s*[\[(]\s?(?:{_CLOCK}|{_SECONDS}|{_NUMBER}{_DASH}{_NUMBER})(?:{_DASH}(?:{_CLOCK}|{_SECONDS}))?\s?[\])]"
    r"\s*[:\-–—|]?\s*",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\s*(?:(?:{_CLOCK}|{_SECONDS}|{_NUMBER}){_DASH}(?:{_CLOCK}|{_SECONDS}|{_NUMBER})|{_CLOCK}|{_SECONDS})"
    r"\s?(?:[:|]|\s[\-–—]|\t)\s*(?=\S|$)",
    re.IGNORECASE,
)


@dataclass
class PlainLines:
    """The prompts, and how many lines of each kind were passed over."""

    pairs: list[tuple[str, bool | None]] = field(default_factory=list)
    comments: int = 0
    settings: int = 0
    numbered: bool = False


def read_plain_lines(text: str) -> PlainLines:
    """One prompt a line; in a numbered list, below labels and between dividers one may go on in the next lines."""
    found = PlainLines()
    own = [line for line in text.split("\n") if line.strip()]
    if is_own_list(own):
        pairs = read_numbered_list(own)
        all_timed = len(pairs) > 1 and all(_stripped_time(words, often=True) != words for words, _ in pairs)
        found.pairs = [(_stripped_time(words, often=all_timed) if all_timed else words, cut) for words, cut in pairs]
        found.numbered = True
        return found
    blocks: list[list[str]] = [[]]
    for line in _without_settings(text.split("\n"), found):
        if _DIVIDER.fullmatch(line):
            blocks.append([])
        else:
            blocks[-1].append(line)
    blocks = [block for block in blocks if block]
    if len(blocks) > 1:
        blocks = [[" ".join(line.strip() for line in _bare(block))] for block in blocks]
    lines = _bare([line for block in blocks for line in block])
    found.pairs, found.numbered = _listed(lines)
    return found


def without_label(text: str) -> str:
    """A prompt without ``Clip 3:`` or a time before it."""
    label = _LABEL.match(text)
    return _stripped_time(text[label.end() :] if label and label.end() < len(text) else text, often=label is not None)


def _without_settings(lines: Sequence[str], found: PlainLines) -> list[str]:
    """The lines that are left without comments, settings, and negative prompts, which go on to the next setting."""
    left: list[str] = []
    negative = False
    generated = any(re.match(r"\s*steps\s*:\s*\d+\s*,", line, re.IGNORECASE) for line in lines)
    for line in lines:
        if not line.strip():
            negative = False
        elif _COMMENT.match(line):
            found.comments += 1
        elif _NEGATIVE.match(line):
            negative = generated
            found.settings += 1
        elif negative or _SETTING.match(line):
            negative = negative and not _SETTING.match(line)
            found.settings += 1
        else:
            left.append(_without_flags(_KEY.sub("", line, count=1) if _KEY.match(line) else line, found))
    return [line for line in left if line.strip()]


def _without_flags(line: str, found: PlainLines) -> str:
    """A prompt without options like ``--ar 16:9`` behind it; of ``--prompt "..." --steps 20`` only the prompt."""
    if line.lstrip().startswith("--") and len(line) <= _LONGEST_OPTIONS and not _DIVIDER.fullmatch(line):
        found.settings += 1
        return _option(line, "--prompt")
    if (flags := _FLAGS.search(line)) is None:
        return line
    found.settings += 1
    return line[: flags.start()]


def _option(line: str, wanted: str) -> str:
    try:
        words = shlex.split(line)
    except ValueError:
        return ""
    for number, word in enumerate(words[:-1]):
        if word == wanted:
            return words[number + 1]
    return next((word.partition("=")[2] for word in words if word.startswith(f"{wanted}=")), "")


def _bare(lines: Sequence[str]) -> list[str]:
    """The lines without bullets and times; labels of clips are written in one way."""
    timed = sum(_BEFORE.match(line) is not None for line in lines)
    often = 2 * timed >= len(lines)
    return [
        _without_time(line[match.end() :] if (match := _BULLET.match(line)) else line, often=often) for line in lines
    ]


def _without_time(line: str, *, often: bool) -> str:
    rest = line
    if (label := _LABEL.match(rest)) is not None:
        number, text = label["number"], _stripped_time(rest[label.end() :], often=True)
        return f"Clip {number if number.isdigit() else _NUMBERS.split('|').index(number.lower()) + 1}" + (
            f"{' (cut)' if label['cut'] else ''}: {text}"
        )
    return _stripped_time(rest, often=often)


def _stripped_time(line: str, *, often: bool) -> str:
    match = _IN_BRACKETS.match(line) or (_BEFORE.match(line) if often else None)
    return line[match.end() :] if match else line


def _listed(lines: list[str]) -> tuple[list[tuple[str, bool | None]], bool]:
    if len(lines) > 2 and lines[0].rstrip().endswith(":") and is_numbered_list(lines[1:]):
        lines = lines[1:]  # "Here are three prompts:"
    if is_numbered_list(lines):
        return read_numbered_list(lines), True
    found: list[list[str]] = []
    goes_on = False
    for line in lines:
        label = _LABEL.match(line)
        text = line[label.end() :] if label else line
        if goes_on and label is None:
            found[-1].append(text.strip())
            continue
        goes_on = label is not None and not text.strip()
        found.append([text])
    return [(" ".join(parts), None) for parts in found], False
