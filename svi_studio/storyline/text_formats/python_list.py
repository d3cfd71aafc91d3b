"""The ``prompts = [...]`` files of the authors of Stable Video Infinity, read as data: nothing of them is executed.

Only quoted texts between the brackets are read, each by ``ast.literal_eval``; what else the file holds is passed over.
No syntax tree of the whole file is built: two megabytes of brackets would take a gigabyte of memory.
"""

import ast
import json
import re
import warnings
from collections.abc import Sequence

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import MAX_CLIPS

_ASSIGNMENT = re.compile(r"^[ \t]*prompts[ \t]*(?::[^=\n]{0,200})?=[ \t]*(?=[\[(])", re.MULTILINE)
_BLANK = re.compile(r"(?:\s|\\\n|#[^\n]*)*+")
_STRING = re.compile(
    r'(?P<prefix>[A-Za-z]{0,2})(?:"""(?:[^\\"]|\\.|"(?!""))*+"""'
    r"|'''(?:[^\\']|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'(?:[^'\\\n]|\\.)*+')",
    re.DOTALL,
)
_MOST_PARTS = 1000
"""Quoted texts in a row that are one prompt."""
_CLOSING = {"[": "]", "(": ")"}
_REST_OF_LINE = re.compile(r"[ \t]*(?:;|#|\n|\Z)")


def is_python_list(text: str) -> bool:
    """Whether a line of ``text`` begins a list that is called ``prompts``."""
    return _ASSIGNMENT.search(text) is not None


def read_python_list(text: str, name: str) -> list[tuple[str, bool | None]]:
    """The prompts of the first ``prompts = [...]``, or ``(...)``, of the file ``name``.

    Raises BadInput, which names the line, when something but quoted texts and commas is in it.
    """
    found = _ASSIGNMENT.search(text)
    if found is None:
        raise BadInput(f'There is no "prompts = [...]" in "{name}": write the prompts into such a list.')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python may refuse one day
        return _elements(text, found.end(), name)


def write_python_list(clips: Sequence[tuple[str, bool]]) -> str:
    """The prompts as such a file; it has no place for cuts. JSON's quoted texts are Python's too."""
    rows = ",\n".join(json.dumps(text, ensure_ascii=False) for text, _ in clips)
    return f"prompts = [\n{rows}\n]\n"


def _elements(text: str, start: int, name: str) -> list[tuple[str, bool | None]]:
    """All that stands between the bracket at ``start`` and the one that closes it."""
    closing = _CLOSING[text[start]]
    place = _after_blank(text, start + 1)
    prompts: list[tuple[str, bool | None]] = []
    while not text.startswith(closing, place):
        prompt, place = _element(text, place, name)
        prompts.append((prompt, None))
        if len(prompts) > MAX_CLIPS:
            raise BadInput(f'There are more than {MAX_CLIPS:,} prompts in "{name}": split the file.')
        if text.startswith(",", place):
            place = _after_blank(text, place + 1)
        elif not text.startswith(closing, place):
            raise _refusal(text, place, name)
    if not _REST_OF_LINE.match(text, place + 1):
        raise _refusal(text, place + 1, name)
    return prompts


def _element(text: str, place: int, name: str) -> tuple[str, int]:
    """One or more quoted texts in a row, which are one prompt, and where the next thing stands."""
    parts: list[str] = []
    while len(parts) <= _MOST_PARTS and (found := _STRING.match(text, place)) is not None:
        parts.append(_value(found, text, name))
        place = _after_blank(text, found.end())
    if not 0 < len(parts) <= _MOST_PARTS:
        raise _refusal(text, place, name)
    return "".join(parts), place


def _value(found: re.Match[str], text: str, name: str) -> str:
    if found["prefix"].lower() not in {"", "r", "u"}:
        raise _refusal(text, found.start(), name)
    if "\\" not in found[0] and not found["prefix"]:
        return found[0][3:-3] if found[0].startswith(('"""', "'''")) else found[0][1:-1]
    try:
        return str(ast.literal_eval(found[0]))
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise _refusal(text, found.start(), name) from error


def _after_blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return place if found is None else found.end()


def _refusal(text: str, place: int, name: str) -> BadInput:
    line = text.count("\n", 0, place) + 1
    return BadInput(
        f'The list of prompts in "{name}" cannot be read at line {line}: put every prompt in quotes, with a comma '
        "behind it, and a bracket behind the last."
    )
