"""Subtitles as prompts: the words of every title are one, without numbers, times and signs for their look."""

import html
import re
from pathlib import PurePath

from svi_studio.domain.errors import BadInput
from svi_studio.domain.story_text import one_line

SUBTITLES = {".srt": "srt", ".vtt": "vtt", ".sbv": "srt", ".ass": "ass", ".ssa": "ass"}
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*(?:-{{1,2}}>|,)[ \t]*{_TIME}", re.MULTILINE)
_SCRIPT = re.compile(r"^\[(?:Script Info|V4\+? Styles|Events)\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_BRACES = str.maketrans("{}", "\ue0f0\ue0f1")  # in SRT and VTT they are letters, and to the library marks of a look
_LETTERS = str.maketrans("\ue0f0\ue0f1", "{}")


def is_subtitles(text: str) -> bool:
    """Whether ``text`` has a time from one moment to another on a line of its own, or a heading of such files."""
    return text.startswith("WEBVTT") or bool(_TIMES.search(text) or _SCRIPT.search(text))


def read_subtitles(text: str, name: str) -> list[tuple[str, bool | None]]:
    """The words of every title, in the file's order. Raises BadInput for what no title can be read from."""
    from pysubs2 import SSAFile  # noqa: PLC0415 - only for a file of subtitles: every command imports this module
    from pysubs2.exceptions import Pysubs2Error  # noqa: PLC0415

    by_ending = SUBTITLES.get(PurePath(name).suffix.lower(), "srt")
    kind = "ass" if _SCRIPT.search(text) else "vtt" if text.startswith("WEBVTT") else by_ending
    if kind != "ass":
        text = text.translate(_BRACES)
    try:
        titles = SSAFile.from_string(text, format_=kind)
    except (Pysubs2Error, ValueError, LookupError, RecursionError) as error:
        raise BadInput(f'The subtitles in "{name}" cannot be read: write the prompts one a line.') from error
    shown = [title for title in titles if not title.is_comment and not title.is_drawing]
    return [(one_line(html.unescape(title.plaintext.translate(_LETTERS))), None) for title in shown]
