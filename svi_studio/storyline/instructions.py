"""The words that tell a model what to do, kept as data: lines with blanks, left out when one stays empty."""

import json
from functools import cache
from string import Template
from typing import NamedTuple

from svi_studio.resource_files import resource_path


def instruction(name: str, **words: str) -> str:
    """The lines of the instruction ``name`` with ``$blanks`` filled from ``words``.

    A line with a blank for which there is no word, or an empty one, is left out: so optional lines need no code.
    """
    lines = (Template(line) for line in _instructions()[name])
    return "\n".join(line.substitute(words) for line in lines if all(map(words.get, line.get_identifiers())))


def optional_instruction(name: str) -> str:
    """The instruction ``name`` where there is one, else ""."""
    return instruction(name) if name in _instructions() else ""


class WorkedExample(NamedTuple):
    """What is asked for one card of a story, and a good card."""

    ask: str
    prompt: str
    camera: str


@cache
def worked_examples() -> tuple[WorkedExample, ...]:
    """Cards of another story, one after the other, that show a weak model what is wanted."""
    texts = _instructions()
    rows = zip(texts["worked_asks"], texts["worked_prompts"], texts["worked_cameras"], strict=True)
    return tuple(WorkedExample(*row) for row in rows)


@cache
def example_prompts() -> tuple[str, ...]:
    """The prompts that the rules show: a model that repeats one has written nothing."""
    return (instruction("example"), *(each.prompt for each in worked_examples()))


@cache
def _instructions() -> dict[str, list[str]]:
    content = resource_path("storyline", "instructions.json").read_text(encoding="utf-8")
    found: dict[str, list[str]] = json.loads(content)
    return found
