"""Subtitle files: SRT and VTT (and ASS) from anywhere as cues of a film, and cues as SRT and VTT."""

import codecs
import html
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.domain.film.subtitles import (
    LONGEST_MS,
    MOST_CUES,
    SHORTEST_MS,
    Cue,
    in_order,
    plain_words,
)
from svi_studio.domain.text.wording import plural
from svi_studio.media.demuxers import HEAD_BYTES, sniff, what_it_is

SUBTITLE_ENDINGS: Final = (".srt", ".vtt", ".ass", ".ssa")
WRITTEN_ENDINGS: Final = (".srt", ".vtt")
MOST_BYTES: Final = 16 << 20

_TIME = r"(?:\d{1,6}:)?\d{1,5}:\d{1,5}(?:[,.]\d{1,9})?"
_TIMES = re.compile(rf"^[ \t]*({_TIME})[ \t]*-->[ \t]*({_TIME})(?![\d:])[^\n]*$", re.MULTILINE)
_SCRIPT = re.compile(r"^\[(?:Script Info|V4\+? Styles|Events)\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_TAGS = re.compile(r"</?[a-zA-Z][^<>\n]{0,400}>|<[\d:.]{5,16}>|\{\\[^{}\n]{0,400}\}")
_NUMBER = re.compile(r"\n[ \t]*\d{1,9}[ \t]*$")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ASS_MARKS = re.compile(r"\{[^{}]*\}")
_ASS_DRAWING = re.compile(r"\{[^{}]*?\\p[1-9]")
_MOST_RAW = 20_000  # letters of one title before its marks are taken out


@dataclass(frozen=True, slots=True)
class ReadSubtitles:
    """The cues of a file, and what had to be repaired or guessed, a sentence each."""

    cues: tuple[Cue, ...]
    remarks: tuple[str, ...] = ()


@dataclass
class _Repairs:
    swapped: int = 0
    lengthened: int = 0
    empty: int = 0
    too_late: int = 0


def read_subtitle_file(path: Path) -> ReadSubtitles:
    """The subtitles in a file of at most 16 MB. Raises BadInput with one sentence for anything else."""
    content = _content(path)
    text, remarks = _decoded(content, path)
    read = parse_subtitles(text, path.name)
    return ReadSubtitles(read.cues, (*remarks, *read.remarks))


def parse_subtitles(text: str, name: str = "subtitles") -> ReadSubtitles:
    """The subtitles in the text of an SRT, VTT or ASS file; ``name`` is for sentences.

    What ends before it begins is turned round, what is shown too shortly is lengthened, entities such as ``&amp;``
    become what they mean, marks of a look go. Raises BadInput without any title, and for more than a film can have.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    repairs = _Repairs()
    raw = _ass_titles(text, name) if _SCRIPT.search(text) else _timed_titles(text, name)
    cues = [cue for each in raw if (cue := _cue(*each, repairs)) is not None]
    if not cues:
        raise BadInput(f'"{name}" has no subtitle in it: a subtitle has a line such as 00:00:01,000 --> 00:00:03,500.')
    return ReadSubtitles(in_order(cues), _remarks(repairs))


def write_subtitle_file(path: Path, cues: Sequence[Cue]) -> None:
    """Writes the cues as SRT or VTT, by the ending of ``path``, in UTF-8; whole or not at all.

    Raises BadInput for another ending and without cues, DiskFull or StudioError when it cannot be written.
    """
    if path.suffix.lower() not in WRITTEN_ENDINGS:
        raise BadInput(f'"{path.name}" does not end like a subtitle file that this program writes; use .srt or .vtt.')
    if not cues:
        raise BadInput("This film has no subtitles: there is nothing to write.")
    atomic_write(path, subtitle_text(cues, path.suffix.lower()).encode())


def subtitle_text(cues: Iterable[Cue], ending: str) -> str:
    """The cues as the text of an SRT (``.srt``) or VTT (``.vtt``) file.

    Written here and not by pysubs2, for which braces and backslashes in a title are marks of a look.
    """
    is_vtt = ending == ".vtt"
    blocks = [
        f"{number}\n{_clock(cue.start, is_vtt)} --> {_clock(cue.stop, is_vtt)}\n{_as_written(cue.text, is_vtt)}\n"
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n".join(["WEBVTT\n", *blocks] if is_vtt else blocks)


def _clock(milliseconds: int, is_vtt: bool) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{'.' if is_vtt else ','}{rest:03}"


def _as_written(text: str, is_vtt: bool) -> str:
    """In VTT a few letters would be marks; in both an arrow could be taken for a line of times."""
    words = "\n".join(line for line in text.replace("-->", "->").split("\n") if line.strip())
    return html.escape(words, quote=False) if is_vtt else words


def _content(path: Path) -> bytes:
    try:
        with open_plain(path, 1 << 40) as stream:
            content = stream.read(MOST_BYTES + 1)
    except Refused as error:
        raise BadInput(str(error)) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadInput(f'There is no file "{path}": check the name.') from error
    except (OSError, ValueError) as error:
        raise BadInput(f'The subtitles in "{path}" could not be read: check the file and its permissions.') from error
    if len(content) > MOST_BYTES:
        raise BadInput(f'"{path}" is larger than {MOST_BYTES >> 20} MB, which no subtitles are: choose another file.')
    return content


def _decoded(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise BadInput(f'"{path}" breaks off in the middle of a character: save it again in UTF-8.') from error
    _refuse_other_files(content, path)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        said = "The file is not in UTF-8; it was read as Western European (cp1252): look at accents and quotes."
        return content.decode("cp1252", "replace"), (said,)


def _refuse_other_files(content: bytes, path: Path) -> None:
    head = content[:HEAD_BYTES]
    if b"-->" in head and b"\0" not in head:
        return
    if sniff(head) is not None:
        raise BadInput(f'"{path}" is a video or a sound, and no subtitles.')
    kind = what_it_is(head)
    if " of a kind " not in kind and not kind.startswith("a text"):
        raise BadInput(f'"{path}" is {kind}, and no subtitles.')
    if b"\0" in head:
        raise BadInput(f'"{path}" is no text, and so no subtitles: choose an SRT or VTT file.')


def _timed_titles(text: str, name: str) -> list[tuple[int, int, str]]:
    """What stands under each line of times, up to the next such line: with or without numbers and blank lines."""
    places = list(_TIMES.finditer(text))
    _refuse_too_many(len(places), name)
    is_vtt = text.startswith("WEBVTT")
    is_numbered = bool(places) and _NUMBER.search("\n" + text[: places[0].start()].rstrip("\n")) is not None
    found: list[tuple[int, int, str]] = []
    for match, after in zip_longest(places, places[1:]):
        end = len(text) if after is None else after.start()
        words = text[match.end() : min(end, match.end() + _MOST_RAW)].strip("\n \t")
        if is_vtt:
            words = _BLANK_LINE.split(words)[0]  # behind it come names of titles, notes and styles
        elif is_numbered and after is not None:
            words = _NUMBER.sub("", "\n" + words)
        found.append((_milliseconds(match[1]), _milliseconds(match[2]), html.unescape(_TAGS.sub("", words))))
    return found


def _milliseconds(text: str) -> int:
    whole, _, part = text.replace(",", ".").partition(".")
    seconds = 0
    for number in whole.split(":"):
        seconds = seconds * 60 + int(number)
    return seconds * 1000 + int((part + "000")[:3])


def _ass_titles(text: str, name: str) -> list[tuple[int, int, str]]:
    from pysubs2 import SSAFile  # noqa: PLC0415 - only for such a file
    from pysubs2.exceptions import Pysubs2Error  # noqa: PLC0415

    _refuse_too_many(text.count("\nDialogue:"), name)
    try:
        with warnings.catch_warnings(action="ignore"):  # a line of it for every line that is odd
            titles = SSAFile.from_string(text, format_="ass")
    except (Pysubs2Error, ValueError, LookupError, RecursionError, OverflowError) as error:
        raise BadInput(f'The subtitles in "{name}" cannot be read: save them as SRT.') from error
    shown = [title for title in titles if not title.is_comment and not _ASS_DRAWING.search(title.text)]
    return [(title.start, title.end, _ass_words(title.text)) for title in shown]


def _ass_words(text: str) -> str:
    plain = _ASS_MARKS.sub("", text[:_MOST_RAW])
    return re.sub(r"\\[nN]", "\n", plain).replace("\\h", " ")


def _refuse_too_many(count: int, name: str) -> None:
    if count > MOST_CUES:
        raise BadInput(
            f'"{name}" has {count:,} subtitles; a film takes {MOST_CUES:,} at most: divide the file, or choose another.'
        )


def _cue(start: int, stop: int, text: str, repairs: _Repairs) -> Cue | None:
    words = plain_words(text)
    if not words:
        repairs.empty += 1
        return None
    if stop < start:
        start, stop = stop, start
        repairs.swapped += 1
    if start < 0 or start > LONGEST_MS - SHORTEST_MS:
        repairs.too_late += 1
        return None
    if stop - start < SHORTEST_MS:
        stop = start + SHORTEST_MS
        repairs.lengthened += 1
    return Cue(start=start, stop=min(stop, LONGEST_MS), text=words)


def _remarks(repairs: _Repairs) -> tuple[str, ...]:
    told = (
        (repairs.swapped, "{} ended before it began: its times were exchanged."),
        (repairs.lengthened, f"{{}} was shown for less than {SHORTEST_MS / 1000:g} s: it stays that long now."),
        (repairs.empty, "{} had no words and was left out."),
        (repairs.too_late, "{} had a time that no film reaches and was left out."),
    )
    return tuple(
        words.format(plural(count, "subtitle")).replace("its times were", "their times were").replace(" was ", " were ")
        if count > 1
        else words.format("1 subtitle")
        for count, words in told
        if count
    )
