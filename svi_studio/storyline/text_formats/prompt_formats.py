"""Every format of prompts in text files: how a text's format is found out, and how a film's prompts are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from svi_studio.domain.errors import BadInput
from svi_studio.domain.story_text import ImportedPrompt, clean_prompt, imported_prompts, one_line
from svi_studio.domain.storyboard import Storyboard
from svi_studio.storyline.text_formats.numbered_list import (
    is_numbered_list,
    read_numbered_list,
    write_numbered_list,
)
from svi_studio.storyline.text_formats.prompt_table import is_prompt_table, read_prompt_table, write_prompt_table
from svi_studio.storyline.text_formats.python_list import is_python_list, read_python_list, write_python_list
from svi_studio.storyline.text_formats.screenplay import is_screenplay, read_screenplay, write_screenplay


@dataclass(frozen=True)
class PromptFormat:
    """One way to write prompts; ``keeps_cuts``: whether the file says where scenes begin."""

    name: str
    title: str
    suffix: str
    keeps_cuts: bool


PROMPT_FORMATS: Mapping[str, PromptFormat] = MappingProxyType(
    {
        each.name: each
        for each in (
            PromptFormat("lines", "one prompt a line", ".txt", keeps_cuts=False),
            PromptFormat("numbered", "a numbered list", ".txt", keeps_cuts=True),
            PromptFormat("python", "a Python list, as the authors of SVI use", ".py", keeps_cuts=False),
            PromptFormat("csv", "a table, for a spreadsheet", ".csv", keeps_cuts=True),
            PromptFormat("fountain", "a screenplay in Fountain", ".fountain", keeps_cuts=True),
        )
    }
)
"""By name, in the order in which they are offered."""

_TABLES, _SCREENPLAYS, _FILMS = {".csv", ".tsv"}, {".fountain", ".spmd"}, {".json", ".svi"}


def prompt_format(name: str | None, file_name: str) -> PromptFormat:
    """The format called ``name``; None = the first one whose ending ``file_name`` has, else one prompt a line.

    Raises BadInput with the names that exist.
    """
    if name is None:
        suffix = PurePath(file_name).suffix.lower()
        return next((each for each in PROMPT_FORMATS.values() if each.suffix == suffix), PROMPT_FORMATS["lines"])
    if name not in PROMPT_FORMATS:
        known = ", ".join(PROMPT_FORMATS)
        raise BadInput(f'There is no format of prompts called "{name[:60]}": choose one of {known}.')
    return PROMPT_FORMATS[name]


def read_prompts(text: str, name: str) -> list[ImportedPrompt]:
    """The prompts in ``text``, the content of the file ``name``, whose format is found out.

    A numbered list is told by its numbers, a table by its column ``prompt``, a screenplay by its scene headings, an
    authors' file by its ``prompts =``; anything else is one prompt a line. Nothing of the text is executed. Raises
    BadInput with one sentence.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    return imported_prompts(_pairs(text, name), name)


def write_prompts(storyboard: Storyboard, format_name: str) -> str:
    """The prompts of the clips that have any, as ``PROMPT_FORMATS`` has it; raises BadInput for another format.

    Character and style of the film, and what else a clip says, are not in it.
    """
    chosen = prompt_format(format_name, "")
    clips = [(clean_prompt(clip.prompt), clip.cut) for clip in storyboard.clips]
    clips = [(text, cut) for text, cut in clips if text]
    if chosen.name == "numbered":
        return write_numbered_list(clips)
    if chosen.name == "python":
        return write_python_list(clips)
    if chosen.name == "csv":
        return write_prompt_table(clips)
    if chosen.name == "fountain":
        return write_screenplay(clips, storyboard.title)
    return "".join(f"{one_line(text)}\n" for text, _ in clips)


def _pairs(text: str, name: str) -> Sequence[tuple[str, bool | None]]:
    suffix = PurePath(name).suffix.lower()
    if suffix in _FILMS:
        raise BadInput(f'"{name}" is a film or its storyboard and no list of prompts: open it instead.')
    if suffix in _TABLES or is_prompt_table(text.partition("\n")[0]):
        return read_prompt_table(text, name)
    if suffix not in _SCREENPLAYS and is_python_list(text):
        return read_python_list(text, name)
    if suffix in _SCREENPLAYS or is_screenplay(text):
        return read_screenplay(text)
    lines = [line for line in text.split("\n") if line.strip()]
    return read_numbered_list(lines) if is_numbered_list(lines) else [(line, None) for line in lines]
