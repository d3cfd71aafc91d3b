"""Captions that lie beside the videos: NAME.txt for a video, or one captions.csv with the columns file and caption."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from svi_studio.domain.errors import BadInput
from svi_studio.domain.footage import CaptionSource

TABLE = "captions.csv"
_COLUMNS = ("file", "caption")
_MOST_LETTERS = 10_000
_MAX_TABLE_BYTES = 64 << 20


@dataclass(frozen=True)
class Caption:
    """A caption and where it is from."""

    text: str = ""
    source: CaptionSource = ""


class Captions:
    """The captions of the videos in a footage folder; what is wrong with them is collected, not raised."""

    def __init__(self, folder: Path, table: Mapping[str, str], problems: Iterable[str] = ()) -> None:
        """``table``: captions by file name below ``folder``, with '/' between folders."""
        self._folder, self._table = folder, table
        self._problems = dict.fromkeys(problems)

    @classmethod
    def beside(cls, folder: Path) -> Self:
        """The captions that lie in ``folder``."""
        try:
            return cls(folder, read_table(folder))
        except BadInput as error:
            return cls(folder, {}, [str(error)])

    def of(self, source: str) -> Caption:
        """The caption of the video ``source`` (relative): its NAME.txt, else its row in the table, else none."""
        sidecar = (self._folder / source).with_suffix(".txt")
        if sidecar.is_file():
            try:
                return Caption(_one_line(_decoded(sidecar, _MOST_LETTERS * 4)), "sidecar")
            except BadInput as error:
                self._problems[str(error)] = None
        text = self._table.get(source, "")
        return Caption(text, "table") if text else Caption()

    def problems(self) -> list[str]:
        """A sentence for every file that could not be used so far, once each."""
        return list(self._problems)


def read_table(folder: Path) -> dict[str, str]:
    """The rows of the folder's captions.csv, empty without one. Comma, semicolon or tab divide its columns.

    Raises BadInput when it has other columns or is not text.
    """
    path = folder / TABLE
    if not path.is_file():
        return {}
    text = _decoded(path, _MAX_TABLE_BYTES)
    first = text.split("\n", 1)[0]
    divider = max(",;\t", key=first.count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
        names = {str(name).strip().lower(): name for name in rows.fieldnames or ()}
        if not names.keys() >= set(_COLUMNS):
            found = ", ".join(str(name) for name in rows.fieldnames or ())[:200] or "nothing"
            raise BadInput(f'"{path}" has the columns {found}: its first line should be "file,caption".')
        file, caption = (names[name] for name in _COLUMNS)
        return {_as_source(row[file] or ""): _one_line(row[caption] or "") for row in rows}
    except csv.Error as error:
        raise BadInput(f'"{path}" cannot be read as a table ({error}): save it again as CSV.') from error


def _decoded(path: Path, limit: int) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise BadInput(f'The captions in "{path}" are too long: shorten them.')
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f'"{path}" is not text in UTF-8: save it again as UTF-8.') from error
    except OSError as error:
        raise BadInput(f'"{path}" could not be read ({error.strerror}): check its permissions.') from error


def _as_source(name: str) -> str:
    return name.strip().replace("\\", "/").removeprefix("./")


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())[:_MOST_LETTERS]
