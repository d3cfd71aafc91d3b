"""Prompts as text files: read in every form that people have them in, written in five."""

from svi_studio.storyline.text_formats.prompt_file import read_prompt_file, write_prompt_file
from svi_studio.storyline.text_formats.prompt_formats import (
    PROMPT_FORMATS,
    PromptFormat,
    prompt_format,
    write_prompts,
)
from svi_studio.storyline.text_formats.prompt_text import PromptText, read_prompt_text

__all__ = [
    "PROMPT_FORMATS",
    "PromptFormat",
    "PromptText",
    "prompt_format",
    "read_prompt_file",
    "read_prompt_text",
    "write_prompt_file",
    "write_prompts",
]
