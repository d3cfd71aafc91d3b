"""The strip: last frames of test films side by side, base above LoRA, for eyes that figures cannot replace."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

COLUMNS = 8
_CELL, _GAP, _LABEL = 200, 6, 38  # pixels
_LETTERS = 26  # pixels: still to be read where the window shows the strip at a third of its size
_PAPER, _INK = (28, 28, 30), (190, 190, 190)  # dark, so that the pictures are what shines


@dataclass(frozen=True)
class StripFilm:
    """A film on the strip: its name, and for each arm the last frames `[h, w, 3]` of its clips in order."""

    name: str
    rows: tuple[tuple[str, Sequence[Frames]], ...]


def shown_clips(clips: int) -> list[int]:
    """Which clips (from 0) a film of `clips` clips shows: the first, the last, and evenly between them."""
    if clips <= COLUMNS:
        return list(range(clips))
    return [round(k * (clips - 1) / (COLUMNS - 1)) for k in range(COLUMNS)]


def strip_png(films: Sequence[StripFilm], clips: int) -> bytes:
    """The strip of films of `clips` clips as a PNG file; where a film ended earlier, its place stays empty."""
    shown = shown_clips(clips)
    first = next((rows[0] for film in films for _, rows in film.rows if len(rows)), None)
    height = _CELL if first is None else max(1, round(_CELL * first.shape[0] / first.shape[1]))
    rows = sum(len(film.rows) for film in films)
    font = ImageFont.load_default(_LETTERS)
    left = 16 + max((round(font.getlength(_printable(arm))) for film in films for arm, _ in film.rows), default=0)
    size = (
        left + len(shown) * (_CELL + _GAP),
        _LABEL + len(films) * _LABEL + rows * (height + _GAP),
    )
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    for column, clip in enumerate(shown):
        draw.text((left + column * (_CELL + _GAP), 4), f"clip {clip + 1}", _INK, font)
    y = _LABEL
    for film in films:
        draw.text((8, y + 4), _printable(film.name), _INK, font)
        y += _LABEL
        for arm, pictures in film.rows:
            draw.text((8, y + height // 2 - _LETTERS // 2), _printable(arm), _INK, font)
            _paste(sheet, [pictures[clip] if clip < len(pictures) else None for clip in shown], (left, y), height)
            y += height + _GAP
    content = io.BytesIO()
    sheet.save(content, "PNG")
    return content.getvalue()


def _paste(sheet: Image.Image, pictures: Sequence[Frames | None], place: tuple[int, int], height: int) -> None:
    left, y = place
    for column, picture in enumerate(pictures):
        if picture is not None:
            small = picture.shape[1] < _CELL
            way = Image.Resampling.NEAREST if small else Image.Resampling.LANCZOS
            image = Image.fromarray(picture).resize((_CELL, height), way)
            sheet.paste(image, (left + column * (_CELL + _GAP), y))


def _printable(text: str) -> str:
    """The built-in letters know no other alphabets; a name is only a hint here."""
    return text.encode("latin-1", "replace").decode("latin-1")
