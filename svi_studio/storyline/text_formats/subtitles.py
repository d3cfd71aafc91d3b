"""Subtitles as prompts: the words of every title are one, without numbers, times and signs for their look."""

import html
import re
from pathlib import PurePath

from svi_studio.domain.errors import BadInput
from svi_studio.domain.story.prompt_text import one_line

SUBTITLES = {".srt": "srt", ".vtt": "vtt", ".sbv": "srt", ".ass": "ass", ".ssa": "ass"}
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*(?:-{{1,2}}>|,)[ \t]*{_TIME}", re.MULTILINE)
_SCRIPT = re.compile(r"^\[(?:Script Info|V4\+? Styles|Events)\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_LOOKS = re.compile(r"</?[a-z][^<>]{0,400}>|<[ \t]{0,4}/?[ \t]{0,4}[iusb][ \t]{0,4}>|<[\d:.]{5,16}>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_BRACES = str.maketrans("{}<", "\ue0f0\ue0f1\ue0f2")  # in SRT and VTT they are letters, to the library marks of a look
_LETTERS = str.maketrans("\ue0f0\ue0f1\ue0f2", "{}<")
_OVERRIDES = re.compile(r"\{[^{}]*\}")
_DRAWING = re.compile(r"\{[^{}]*?\\p[1-9]")


def is_subtitles(text: str) -> bool:
    """Whether ``text`` has a time from one moment to another on a line of its own, or a heading of such files."""
    return text.startswith("WEBVTT") or bool(_TIMES.search(text) or _SCRIPT.search(text))


def read_subtitles(text: str, name: str) -> list[tuple[str, bool | None]]:
    """The words of every title, in the file's order. Raises BadInput for what no title can be read from.

    What the library finds in a long title takes it many times longer than the title is long: marks are read here.
    """
    from pysubs2 import SSAFile  # noqa: PLC0415 - only for a file of subtitles: every command imports this module
    from pysubs2.exceptions import Pysubs2Error  # noqa: PLC0415

    by_ending = SUBTITLES.get(PurePath(name).suffix.lower(), "srt")
    kind = "ass" if _SCRIPT.search(text) else "vtt" if text.startswith("WEBVTT") else by_ending
    if kind != "ass":
        text = _BLANK_LINES.sub("\n\n", _LOOKS.sub("", text).translate(_BRACES))
    try:
        titles = SSAFile.from_string(text, format_=kind)
    except (Pysubs2Error, ValueError, LookupError, RecursionError) as error:
        raise BadInput(f'The subtitles in "{name}" cannot be read: write the prompts one a line.') from error
    shown = [title.text for title in titles if not title.is_comment and not _DRAWING.search(title.text)]
    return [(_words(title), None) for title in shown]


def _words(title: str) -> str:
    plain = re.sub(r"\\[nN]", "\n", _OVERRIDES.sub("", title).replace("\\h", " "))
    return one_line(html.unescape(plain.translate(_LETTERS)))
