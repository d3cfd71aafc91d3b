"""The formats that a film's prompts can be written in, as data, and how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.prompt_text import clean_prompt, one_line
from svi_studio.storyline.text_formats.numbered_list import write_numbered_list
from svi_studio.storyline.text_formats.prompt_table import write_prompt_table
from svi_studio.storyline.text_formats.prompt_text import read_prompt_text
from svi_studio.storyline.text_formats.python_list import write_python_list
from svi_studio.storyline.text_formats.screenplay import write_screenplay


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


def prompt_format(name: str | None, file_name: str) -> PromptFormat:
    """The format called ``name``; None = the first one whose ending ``file_name`` has, without one a prompt a line.

    Raises BadInput with the names or endings that exist.
    """
    if name is None:
        return _format_of_ending(file_name)
    if name not in PROMPT_FORMATS:
        known = ", ".join(PROMPT_FORMATS)
        raise BadInput(f'There is no format of prompts called "{name[:60]}": choose one of {known}.')
    return PROMPT_FORMATS[name]


def _format_of_ending(file_name: str) -> PromptFormat:
    suffix = PurePath(file_name).suffix.lower() or ".txt"
    found = next((each for each in PROMPT_FORMATS.values() if each.suffix == suffix), None)
    if found is None:  # such as subtitles, which would be a file that nothing can play
        known = ", ".join(dict.fromkeys(each.suffix for each in PROMPT_FORMATS.values()))
        raise BadInput(f'Prompts cannot be written as "{suffix[:20]}": end the name with one of {known}.')
    return found


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
    return _lines([one_line(text) for text, _ in clips])


def _lines(prompts: list[str]) -> str:
    """One a line; numbered where one would be read as something else, as a comment or the label of a clip."""
    text = "".join(f"{prompt}\n" for prompt in prompts)
    try:
        same = [each.prompt for each in read_prompt_text(text, "").prompts] == prompts
    except BadInput:
        same = False
    return text if same else write_numbered_list([(prompt, False) for prompt in prompts])
