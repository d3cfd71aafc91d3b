"""Tables of captions as people have them: CSV, TSV, JSON or JSON lines, with the usual names for the two columns."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from svi_studio.domain.errors import BadInput
from trainer.footage.captions.caption_text import Remark, decoded, one_line, shortened

_MOST_BYTES = 64 << 20
_MOST_LINES = 8
_ENDINGS = (".csv", ".tsv", ".jsonl", ".json")
_FILES = (
    *("file", "filename", "file_name", "video_path", "video_file", "video", "path", "file_path", "clip", "name"),
    *("image_path", "image_file", "image", "media_path", "filepath"),
)
_CAPTIONS = ("caption", "text", "video description", "description", "prompt", "captions", "long_caption", "label")
_CSV_ADVICE = 'has the columns {names}: its first line should be "file,caption".'
_JSON_ADVICE = 'has entries with {names}: each should have "file" and "caption".'
_SURE_NAMES = ("captions", "metadata", "caption")
"""Tables called so, or like their folder, are meant to be captions: one that is none is worth a word."""


def tables_in(folder: Path, videos: Sequence[str]) -> list[Path]:
    """Files that may hold captions, in every folder that holds a video and those above it; the surest ones first."""
    places = {parent for video in videos for parent in PurePosixPath(video).parents} | {PurePosixPath(".")}
    found: list[Path] = []
    for place in sorted(places, key=lambda each: (-len(each.parts), str(each))):
        try:
            here = [path for path in (folder / place).iterdir() if _may_be_table(path)]
        except OSError:
            continue
        found += sorted(here, key=lambda path: (not _is_sure(path), _ENDINGS.index(path.suffix.lower()), path.name))
    return found


def read_table(path: Path, remark: Remark = lambda _sentence: None) -> list[tuple[str, str]]:
    """The rows of a table: a video's name as the table has it, and its caption; empty when it is no table of captions.

    Comma, semicolon or tab divide the columns of a CSV file. Lines that cannot be read are named to ``remark``. Raises
    BadInput when nothing can be read, and for other columns in a file whose name says that it has captions.
    """
    text = decoded(path, _MOST_BYTES, remark)
    is_csv = path.suffix.lower() in (".csv", ".tsv")
    rows = _csv_rows(text, path, remark) if is_csv else _json_rows(text, path, remark)
    named = ((as_source(name), one_line(caption)) for name, caption in rows)
    return [(name, shortened(words, f'"{name[:60]}"', path, remark)) for name, words in named if name and words]


def as_source(name: str) -> str:
    """The name of a video in a table, with '/' between folders and no dots before it."""
    return name.strip().replace("\\", "/").replace("//", "/").removeprefix("./").removeprefix("./")


def _may_be_table(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and not path.name.startswith(".") and path.is_file()


def _is_sure(path: Path) -> bool:
    return path.stem.casefold() in (*_SURE_NAMES, path.parent.name.casefold())


def _csv_rows(text: str, path: Path, remark: Remark) -> Iterator[tuple[str, str]]:
    whole, text = text, text.lstrip()
    before = whole[: len(whole) - len(text)].count("\n")
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep="):  # what Excel writes and reads before a table
        text, head, before = rest, rest.partition("\n")[0], before + 1
    divider = max(",;\t", key=head.count)
    broken: list[int] = []
    longer: list[int] = []
    rows = _records(text, divider, broken)
    names = [name.strip().lower() for name in next((row for _, row in rows if any(row)), [])]
    file, caption = _column(names, _FILES), _column(names, _CAPTIONS)
    if file is None or caption is None or file == caption:
        _refuse_names(path, names, _CSV_ADVICE)
        return
    for line, row in rows:
        if (spare := _spare_columns(row, len(names))) > 0:
            longer.append(line + before)
            row[caption : caption + spare + 1] = [f"{divider} ".join(row[caption : caption + spare + 1])]
        if max(file, caption) < len(row):
            yield row[file], row[caption]
    if broken:
        remark(
            f'{_lines([line + before for line in broken])} of "{path}" cannot be read: look at the quotation marks '
            "there; the other lines are used."
        )
    if longer:
        remark(
            f'{_lines(longer)} of "{path}" {"has" if len(longer) == 1 else "have"} more columns than its first line: '
            f'what follows a "{divider}" was taken for more of the caption; put captions between quotation marks.'
        )


def _records(text: str, divider: str, broken: list[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the number of its last line, from 1.

    A row whose quotation marks do not match costs its first line alone, whose number goes into ``broken``: the reading
    begins again with the next one.
    """
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        rows = csv.reader(
            map(lines.__getitem__, range(start, len(lines))), delimiter=divider, strict=True, skipinitialspace=True
        )
        read = 0
        try:
            for row in rows:
                read = rows.line_num
                yield start + read, row
            return
        except csv.Error:
            start += read + 1
            broken.append(start)


def _spare_columns(row: Sequence[str], wanted: int) -> int:
    """How many columns too many a row has; empty ones at its end do not count."""
    filled = next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)
    return max(0, filled - wanted)


def _lines(numbers: Sequence[int]) -> str:
    """Those lines of a file, in words."""
    said = ", ".join(map(str, numbers[:_MOST_LINES])) + (", ..." if len(numbers) > _MOST_LINES else "")
    return f"Line {said}" if len(numbers) == 1 else f"{len(numbers):,} lines ({said})"


def _json_rows(text: str, path: Path, remark: Remark) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(_json_objects(text, path, remark), 1):
        columns, values = [str(name).strip().lower() for name in row], list(row.values())
        file, caption = _column(columns, _FILES), _column(columns, _CAPTIONS)
        if file is None or caption is None:
            if number == 1:
                _refuse_names(path, columns, _JSON_ADVICE)
                return
            continue
        name, words = values[file], values[caption]
        if isinstance(name, str) and isinstance(words, str):
            yield name, words


def _json_objects(text: str, path: Path, remark: Remark) -> Iterator[Mapping[str, Any]]:
    """One a line, the elements of a list, or names and captions as one object."""
    if path.suffix.lower() == ".jsonl":
        yield from _json_lines(text, path, remark)
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_sure(path):
            raise BadInput(f'"{path}" cannot be read as JSON: write it again.') from error
        return
    if isinstance(found, dict):
        found = [{"file": name, **_as_caption(value)} for name, value in found.items()]
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))


def _json_lines(text: str, path: Path, remark: Remark) -> Iterator[Mapping[str, Any]]:
    """The lines that are JSON objects; of the others the numbers are told."""
    broken = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            broken.append(number)
        elif found:
            yield found
    if broken:
        remark(f'{_lines(broken)} of "{path}" cannot be read as JSON; the other lines are used.')


def _as_caption(value: Any) -> dict[str, Any]:
    return {"caption": value} if isinstance(value, str) else value if isinstance(value, dict) else {}


def _column(columns: Sequence[str], names: Sequence[str]) -> int | None:
    """The place of the column that is called by the first of ``names`` that is there."""
    return next((columns.index(name) for name in names if name in columns), None)


def _refuse_names(path: Path, names: Sequence[str], advice: str) -> None:
    """One that is called so must have others; another table is somebody's own affair. ``advice`` fits its kind."""
    if _is_sure(path):
        raise BadInput(f'"{path}" {advice.format(names=", ".join(names)[:200] or "nothing")}')
