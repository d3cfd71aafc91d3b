"""Prompts as text files: one a line, numbered lists, Python lists, tables and screenplays, read and written."""

from svi_studio.storyline.text_formats.prompt_file import read_prompt_file, write_prompt_file
from svi_studio.storyline.text_formats.prompt_formats import (
    PROMPT_FORMATS,
    PromptFormat,
    prompt_format,
    read_prompts,
    write_prompts,
)

__all__ = [
    "PROMPT_FORMATS",
    "PromptFormat",
    "prompt_format",
    "read_prompt_file",
    "read_prompts",
    "write_prompt_file",
    "write_prompts",
]
