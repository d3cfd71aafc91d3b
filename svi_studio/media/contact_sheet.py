"""A contact sheet: the whole film on one picture, with a frame, the number, the time and the prompt of every clip."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.media.images import open_reference, picture_size
from svi_studio.media.sheet_text import Lettering, wrapped

_KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_MOST_PIXELS = 48_000_000
_MOST_CREDITS = 40
_CARD_WIDTHS = (360, 280, 220, 160)
_FILL = 1.6  # the sheet is about so many times as wide as it is high
_PAPER, _INK, _QUIET, _CARD = (250, 249, 247), (32, 31, 30), (112, 108, 104), (255, 255, 255)
_GAP, _PADDING = 16, 10


@dataclass(frozen=True)
class SheetClip:
    """One clip of the sheet: its picture, its number counted from 1, where it starts in the film in seconds."""

    picture: Path
    number: int
    seconds: float
    prompt: str


@dataclass(frozen=True)
class _Layout:
    """Sizes in pixels of a sheet of ``count`` cards; a card is a picture and some lines of text."""

    count: int
    card: int
    picture: int
    lines: int
    columns: int
    credits: int = 0

    @property
    def text_size(self) -> int:
        return max(11, round(self.card / 20))

    @property
    def line(self) -> int:
        return round(self.text_size * 1.4)

    @property
    def card_height(self) -> int:
        return self.picture + self.line * (self.lines + 1) + 2 * _PADDING

    @property
    def head(self) -> int:
        return round(self.text_size * 4.9)

    @property
    def size(self) -> tuple[int, int]:
        rows = math.ceil(self.count / self.columns)
        width = self.columns * (self.card + _GAP) + _GAP
        return width, self.head + rows * (self.card_height + _GAP) + self.foot + _GAP

    @property
    def foot(self) -> int:
        """Height of the lines of credits under the cards."""
        return self.line * self.credits + _GAP if self.credits else 0

    def place(self, index: int) -> tuple[int, int]:
        """Left and top edge of a card."""
        row, column = divmod(index, self.columns)
        return _GAP + column * (self.card + _GAP), self.head + row * (self.card_height + _GAP)


def write_contact_sheet(
    clips: Sequence[SheetClip],
    target: Path,
    *,
    title: str,
    credits: Sequence[str] = (),
    before_clip: Callable[[int], None] | None = None,
) -> int:
    """Writes the sheet of ``clips`` as PNG or JPEG, by the ending of ``target``; returns how many clips it shows.

    A film of thousands of clips is shown by every second, third ... one, and says so. ``credits`` are lines
    at the foot, of which the first 40 are shown. ``before_clip`` hears the number
    of each clip from 0 and may raise to give up. Raises BadInput without clips, for another ending or for a picture
    that cannot be read, DiskFull or StudioError when the sheet cannot be written; then nothing appears.
    """
    kind = sheet_format(target)
    if not clips:
        raise BadInput("There is no clip to make a contact sheet of.")
    shape = picture_size(clips[0].picture)
    layout, every = _fitting_layout(len(clips), shape)
    foot = _foot_lines(credits)
    layout = replace(layout, credits=len(foot))
    shown = clips[::every]
    sheet = Image.new("RGB", layout.size, _PAPER)
    lettering = Lettering()
    _draw_head(sheet, layout, lettering, title, _head_line(clips, every))
    _draw_foot(sheet, layout, lettering, foot)
    for index, clip in enumerate(shown):
        if before_clip is not None:
            before_clip(index * every)
        _draw_card(sheet, layout, lettering, index, clip)
    _save(sheet, target, kind)
    return len(shown)


def sheet_format(target: Path) -> str:
    """``PNG`` or ``JPEG``; raises BadInput for a name with another ending."""
    if target.suffix.lower() not in _KINDS:
        raise BadInput(f'"{target.name}" does not end like a contact sheet; use .png or .jpg.')
    return _KINDS[target.suffix.lower()]


def _fitting_layout(count: int, picture: tuple[int, int]) -> tuple[_Layout, int]:
    """The largest cards that fit, and every how many clips one is shown."""
    layout = _layout(count, _CARD_WIDTHS[0], picture)
    for width in _CARD_WIDTHS:
        layout = _layout(count, width, picture)
        if _pixels(layout) <= _MOST_PIXELS:
            return layout, 1
    every = math.ceil(_pixels(layout) / _MOST_PIXELS)
    return _layout(math.ceil(count / every), _CARD_WIDTHS[-1], picture), every


def _layout(count: int, card: int, picture: tuple[int, int]) -> _Layout:
    height = min(round(card * picture[1] / picture[0]), card * 2)
    one = _Layout(count, card, max(height, 1), lines=3, columns=1)
    columns = round(math.sqrt(count * _FILL * one.card_height / card))
    return _Layout(count, card, one.picture, one.lines, min(max(columns, min(count, 3)), count))


def _pixels(layout: _Layout) -> int:
    width, height = layout.size
    return width * height


def _head_line(clips: Sequence[SheetClip], every: int) -> str:
    words = "1 clip" if len(clips) == 1 else f"{len(clips)} clips"
    return words if every == 1 else f"{words}, 1 of {every} shown"


def _draw_head(sheet: Image.Image, layout: _Layout, lettering: Lettering, title: str, words: str) -> None:
    draw = ImageDraw.Draw(sheet)
    large, small = round(layout.text_size * 1.5), layout.text_size
    room = sheet.width - 2 * _GAP
    for line in wrapped(title or "Untitled film", room, 1, lettering.font(title, large)):
        draw.text((_GAP, _GAP), line, _INK, lettering.font(title, large))
    draw.text((_GAP, _GAP + round(large * 1.35)), words, _QUIET, lettering.font(words, small))


def _foot_lines(credits: Sequence[str]) -> list[str]:
    more = len(credits) - _MOST_CREDITS
    return [*credits[:_MOST_CREDITS], *([f"and {more} more"] if more > 0 else [])]


def _draw_foot(sheet: Image.Image, layout: _Layout, lettering: Lettering, credits: Sequence[str]) -> None:
    draw = ImageDraw.Draw(sheet)
    top = sheet.height - layout.foot
    for number, words in enumerate(credits):
        font = lettering.font(words, layout.text_size)
        for line in wrapped(words, sheet.width - 2 * _GAP, 1, font):
            draw.text((_GAP, top + layout.line * number), line, _QUIET, font)


def _draw_card(sheet: Image.Image, layout: _Layout, lettering: Lettering, index: int, clip: SheetClip) -> None:
    left, top = layout.place(index)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((left, top, left + layout.card, top + layout.card_height), 6, _CARD)
    sheet.paste(_picture(clip.picture, layout), (left, top))
    size, line = layout.text_size, layout.line
    edge, words = left + _PADDING, top + layout.picture + _PADDING // 2 + 2
    number, time = str(clip.number), film_clock(clip.seconds)
    draw.text((edge, words), number, _INK, lettering.font(number, size, bold=True))
    font = lettering.font(time, size)
    draw.text((left + layout.card - _PADDING - font.getlength(time), words), time, _QUIET, font)
    font = lettering.font(clip.prompt, size)
    for number_of_line, text in enumerate(wrapped(clip.prompt, layout.card - 2 * _PADDING, layout.lines, font)):
        draw.text((edge, words + line * (number_of_line + 1)), text, _INK, font)


def _picture(path: Path, layout: _Layout) -> Image.Image:
    """The clip's frame, as large as its card; small films are enlarged without blur."""
    picture = open_reference(path)
    smaller = picture.width > layout.card
    way = Image.Resampling.LANCZOS if smaller else Image.Resampling.NEAREST
    return picture.resize((layout.card + 1, layout.picture), way)


def film_clock(seconds: float) -> str:
    """A time in the film: ``0:07.5`` or ``1:02:03.0``, in tenths of a second."""
    tenths = round(seconds * 10)
    hours, minutes, rest = tenths // 36000, tenths // 600 % 60, tenths % 600
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{rest // 10:02}.{rest % 10}"


def _save(sheet: Image.Image, target: Path, kind: str) -> None:
    part = part_path(target)
    try:
        sheet.save(part, format=kind, **({"quality": 92} if kind == "JPEG" else {}))
        publish_file(part, target)
    except OSError as error:
        raise from_os_error(error, target) from error
    finally:
        remove(part)
