"""Prompts as a table: rows of a csv file with the column ``prompt``, and ``cut`` for those that begin a new scene."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import MAX_CLIPS
from svi_studio.domain.story.prompt_text import one_line

_MOST_LETTERS = 100_000
_PROMPT = ("prompt", "prompts", "positive prompt", "positive_prompt", "video prompt", "text", "caption", "description")
"""Names of the column with the prompts, as people have them; only the first one tells a table without the ending."""
_YES, _NO = {"1", "true", "yes", "x", "cut"}, {"", "0", "false", "no"}
_FORMULA = re.compile(r"'*[=+\-@]")
"""A spreadsheet would reckon with a cell that begins so, instead of showing it; one ``'`` before it says: a text."""


def is_prompt_table(first_line: str) -> bool:
    """Whether a file's first line names columns, ``prompt`` among them."""
    return "prompt" in _columns(first_line) and (len(first_line) < 10 or _separator(first_line) in first_line)


def read_prompt_table(text: str, name: str) -> list[tuple[str, bool | None]]:
    """The prompts of the table in the file ``name``; other columns are passed over.

    Raises BadInput, which names the row, when it has no column ``prompt`` or a row cannot be read.
    """
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep="):  # what Excel writes before a table
        text = rest
    columns = _columns(text.partition("\n")[0])
    named = next((each for each in _PROMPT if each in columns), None)
    if named is None:
        raise BadInput(
            f'The table "{name}" has the columns {_listed(columns)}: name one "prompt", and if you like another "cut".'
        )
    prompt, cut = columns.index(named), columns.index("cut") if "cut" in columns else None
    found: list[tuple[str, bool | None]] = []
    for number, row in enumerate(_rows(text, name), 1):
        if number == 1 or not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            raise BadInput(
                f'Row {number} of "{name}" has {len(row)} cells for {len(columns)} columns: '
                "put a prompt with commas in quotes."
            )
        if len(found) >= MAX_CLIPS:
            raise BadInput(f'There are more than {MAX_CLIPS:,} prompts in "{name}": split the file.')
        cells = [*row, *[""] * (len(columns) - len(row))]
        found.append((_text(cells[prompt]), None if cut is None else _is_cut(cells[cut], number, name)))
    return found


def write_prompt_table(clips: Sequence[tuple[str, bool]]) -> str:
    """The prompts as a csv file of two columns."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(["prompt", "cut"])
    writer.writerows([f"'{text}" if _FORMULA.match(text) else text, "yes" if cut else ""] for text, cut in clips)
    return page.getvalue()


def _rows(text: str, name: str) -> Iterator[list[str]]:
    separator = _separator(text.partition("\n")[0])
    limit = csv.field_size_limit(_MOST_LETTERS)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise BadInput(f'The table "{name}" cannot be read: look for a quote that is not closed.') from error
    finally:
        csv.field_size_limit(limit)


def _separator(first_line: str) -> str:
    return max(",;\t", key=first_line.count)


def _columns(first_line: str) -> list[str]:
    return [cell.strip().strip('"').strip().casefold() for cell in first_line.split(_separator(first_line))]


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f'"{one_line(column)[:40]}"' for column in columns[:6])
    return f"{shown} and more" if len(columns) > 6 else shown


def _text(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _is_cut(cell: str, row: int, name: str) -> bool:
    word = cell.strip().casefold()
    if word not in _YES | _NO:
        raise BadInput(f'Row {row} of "{name}" has "{cell[:40]}" in the column "cut": write yes, or nothing.')
    return word in _YES
