"""Tables of captions as people have them: CSV, TSV, JSON or JSON lines, with the usual names for the two columns."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from svi_studio.domain.errors import BadInput

MOST_LETTERS = 10_000
_MOST_BYTES = 64 << 20
_ENDINGS = (".csv", ".tsv", ".jsonl", ".json")
_FILES = ("file", "filename", "file_name", "video_path", "video_file", "video", "path", "file_path", "clip", "name")
_CAPTIONS = ("caption", "text", "video description", "description", "prompt", "captions", "long_caption", "label")
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


def read_table(path: Path) -> dict[str, str]:
    """The captions in a table by the video's name as the table has it; empty when it is no table of captions.

    Comma, semicolon or tab divide the columns of a CSV file. Raises BadInput when it cannot be read, and for other
    columns in a file whose name says that it has captions.
    """
    text = decoded(path, _MOST_BYTES)
    rows = _csv_rows(text, path) if path.suffix.lower() in (".csv", ".tsv") else _json_rows(text, path)
    return {as_source(name): one_line(caption) for name, caption in rows if name.strip() and caption.strip()}


def decoded(path: Path, limit: int) -> str:
    """The text in ``path``, of at most ``limit`` bytes. Raises BadInput."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise BadInput(f'The captions in "{path}" are too long: shorten them.')
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) and len(content) % 2 == 0
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f'"{path}" is not text in UTF-8: save it again as UTF-8.') from error
    except OSError as error:
        raise BadInput(f'"{path}" could not be read ({error.strerror}): check its permissions.') from error


def as_source(name: str) -> str:
    """The name of a video in a table, with '/' between folders and no dots before it."""
    return name.strip().replace("\\", "/").replace("//", "/").removeprefix("./").removeprefix("./")


def one_line(text: str) -> str:
    """A caption on one line, with single blanks."""
    return " ".join(text.replace("\0", " ").split())[:MOST_LETTERS]


def _may_be_table(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and not path.name.startswith(".") and path.is_file()


def _is_sure(path: Path) -> bool:
    return path.stem.casefold() in (*_SURE_NAMES, path.parent.name.casefold())


def _csv_rows(text: str, path: Path) -> Iterator[tuple[str, str]]:
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep="):  # what Excel writes and reads before a table
        text, head = rest, rest.partition("\n")[0]
    divider = max(",;\t", key=head.count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
        columns = {str(name).strip().lower(): str(name) for name in rows.fieldnames or ()}
        file, caption = _column(columns, _FILES), _column(columns, _CAPTIONS)
        if file is None or caption is None or file == caption:
            _refuse_columns(path, list(columns))
            return
        for row in rows:
            yield row[columns[file]] or "", row[columns[caption]] or ""
    except csv.Error as error:
        raise BadInput(f'"{path}" cannot be read as a table ({error}): save it again as CSV.') from error


def _json_rows(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(_json_objects(text, path), 1):
        columns = {str(name).strip().lower(): str(name) for name in row}
        file, caption = _column(columns, _FILES), _column(columns, _CAPTIONS)
        if file is None or caption is None:
            if number == 1:
                _refuse_columns(path, list(columns))
            return
        name, words = row[columns[file]], row[columns[caption]]
        if isinstance(name, str) and isinstance(words, str):
            yield name, words


def _json_objects(text: str, path: Path) -> Iterator[Mapping[str, Any]]:
    """One a line, the elements of a list, or names and captions as one object."""
    try:
        if path.suffix.lower() == ".jsonl":
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_sure(path) or path.suffix.lower() == ".jsonl":
            raise BadInput(f'"{path}" cannot be read as JSON: write it again.') from error
        return
    if isinstance(found, dict):
        found = [{"file": name, **_as_caption(value)} for name, value in found.items()]
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))


def _as_caption(value: Any) -> dict[str, Any]:
    return {"caption": value} if isinstance(value, str) else value if isinstance(value, dict) else {}


def _column(columns: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((name for name in names if name in columns), None)


def _refuse_columns(path: Path, columns: Sequence[str]) -> None:
    """One that is called so must have them; another table is somebody's own affair."""
    if _is_sure(path):
        found = ", ".join(columns)[:200] or "nothing"
        raise BadInput(f'"{path}" has the columns {found}: its first line should be "file,caption".')
