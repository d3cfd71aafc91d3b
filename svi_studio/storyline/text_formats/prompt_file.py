"""Files of prompts on the disk: bounded in size, text in UTF-8 or UTF-16, and written whole or not at all."""

import codecs
from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.media.demuxers import sniff, what_it_is
from svi_studio.storyline.text_formats.prompt_formats import prompt_format, write_prompts
from svi_studio.storyline.text_formats.prompt_text import PromptText, read_prompt_text, refuse_other_kinds

MOST_BYTES = 2 << 20
_PLAIN_LETTERS = 8


def read_prompt_file(path: Path) -> PromptText:
    """The prompts in a text file of at most 2 MB. Raises BadInput or StudioError with one sentence."""
    try:
        if not path.is_file():
            raise BadInput(f'There is no file "{path}": check the name.')
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f'The prompts in "{path}" could not be read: check the file and its permissions.') from error
    if len(content) > MOST_BYTES:
        raise BadInput(f'"{path}" is larger than {MOST_BYTES >> 20} MB, which no list of prompts is: choose another.')
    return read_prompt_text(_decoded(content, path), path.name)


def write_prompt_file(path: Path, storyboard: Storyboard, format_name: str | None = None) -> None:
    """Writes the prompts of a film to ``path``; ``format_name`` None = by the ending of ``path``.

    Raises BadInput without any prompt or for an unknown format, DiskFull or StudioError when it cannot be written.
    """
    text = write_prompts(storyboard, prompt_format(format_name, path.name).name)
    if not any(clip.prompt.strip() for clip in storyboard.clips):
        raise BadInput("No clip of this film has a prompt: there is nothing to write.")
    atomic_write(path, text.encode())


def _decoded(content: bytes, path: Path) -> str:
    refuse_other_kinds(path.name)
    try:
        return content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        kind = what_it_is(content)
        if sniff(content) is not None or " of a kind " not in kind:
            kind = "a video or a sound" if sniff(content) is not None else kind
            raise BadInput(f'"{path}" is {kind}, and no list of prompts.') from error
        raise BadInput(f'"{path}" is not text in UTF-8: save it as a text file in UTF-8.') from error


def _encoding(content: bytes) -> str:
    """UTF-8, or UTF-16 as its mark says, or, without a mark, as every second byte of plain words does."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:2000]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= _PLAIN_LETTERS and head[start::2].count(0) > 0.6 * len(head[start::2]):
            return name
    return "utf-8-sig"
