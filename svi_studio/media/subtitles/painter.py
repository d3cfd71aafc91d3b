"""Draws subtitles: one way for the preview and for the film, so that both show the same."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from svi_studio.media.frames import Frames
from svi_studio.media.subtitles.lettering import TitleFonts, direction

_INK, _EDGE = (255, 255, 255, 255), (0, 0, 0, 235)
_SHARE = 1 / 16  # of the shorter side of the film: the height of the letters, as television has it
_SMALLEST = 7  # pixels: below that nothing can be read
_WIDEST = 0.88  # of the film's width
_FOOT = 0.055  # of the film's height, below the last line
_MOST_LINES = 4
_SMALLER = (1.0, 0.84, 0.7)
_KEPT = 16
_ENDING = "…"


@dataclass(frozen=True, slots=True)
class SubtitlePicture:
    """``pixels`` [h, w, 4] (RGBA, not premultiplied, 0 to 255), to be laid on the film at ``left``, ``top``."""

    pixels: NDArray[np.uint8]
    left: int
    top: int


class SubtitlePainter:
    """Paints for a film of ``width`` x ``height`` pixels as it is watched, enlarged already."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._pictures: OrderedDict[tuple[str, ...], SubtitlePicture | None] = OrderedDict()

    def picture(self, texts: Sequence[str]) -> SubtitlePicture | None:
        """The picture of what is shown at one moment, the last one lowest; None when nothing is to be seen."""
        key = tuple(text for text in texts if text.strip())
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        made = self._paint(key) if key else None
        self._pictures[key] = made
        if len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return made

    def draw_on(self, frames: Frames, texts: Sequence[str]) -> Frames:
        """``frames`` [n, H, W, 3] of the film with these texts over them; they themselves when there are none."""
        picture = self.picture(texts)
        if picture is None:
            return frames
        drawn = frames.copy()
        height, width = picture.pixels.shape[:2]
        place = (slice(None), slice(picture.top, picture.top + height), slice(picture.left, picture.left + width))
        cover = picture.pixels[..., 3:].astype(np.uint16)
        colour = picture.pixels[..., :3].astype(np.uint16) * cover + 127
        drawn[place] = ((drawn[place] * (255 - cover) + colour) // 255).astype(np.uint8)
        return drawn

    def _paint(self, texts: tuple[str, ...]) -> SubtitlePicture | None:
        lines, fonts = self._laid_out(texts)
        edge = max(1, round(fonts.size / 14))
        pad = edge + 2
        height = min(fonts.line_height * len(lines) + 2 * pad, self._height)
        sheet = Image.new("RGBA", (self._width, height), (0, 0, 0, 0))
        draw = ImageDraw.Draw(sheet)
        for number, line in enumerate(lines):
            left = (self._width - fonts.length(line)) / 2
            for text, font in fonts.runs(line):
                place = (left, pad + fonts.line_height * number + round(fonts.size * 0.98))
                way = direction(text, font)
                draw.text(place, text, _INK, font, anchor="ls", direction=way, stroke_width=edge, stroke_fill=_EDGE)
                left += font.getlength(text, direction=way)
        box = sheet.getbbox()
        if box is None:
            return None
        foot = round(self._height * _FOOT)
        top = max(0, self._height - foot - height + pad)
        pixels = np.asarray(sheet.crop(box), dtype=np.uint8)[: self._height - top - box[1]]
        return SubtitlePicture(pixels, box[0], top + box[1])

    def _laid_out(self, texts: tuple[str, ...]) -> tuple[list[str], TitleFonts]:
        """The lines from the top down in the largest letters that let all fit; what never fits ends in an ellipsis."""
        size = min(self._width, self._height) * _SHARE
        fonts = TitleFonts(max(_SMALLEST, round(size)))
        lines: list[str] = []
        for smaller in _SMALLER:
            fonts = TitleFonts(max(_SMALLEST, round(size * smaller)))
            lines = [line for text in texts for line in _wrapped(text, self._width * _WIDEST, fonts)]
            if len(lines) <= _MOST_LINES:
                return lines, fonts
        room = max(1, int(self._height * 0.8) // fonts.line_height)
        most = min(room, _MOST_LINES * len(texts))
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1].rstrip(" ,.;:") + _ENDING]
        return lines, fonts


def _wrapped(text: str, width: float, fonts: TitleFonts) -> list[str]:
    """The lines of a text: its own, and where one is too wide, as few as fit, each about as long as the others."""
    return [line for own in text.split("\n") if own.strip() for line in _balanced(own.strip(), width, fonts)]


def _balanced(line: str, width: float, fonts: TitleFonts) -> list[str]:
    broken = _broken(line, width, fonts)
    if len(broken) == 1:
        return broken
    low, high = width / 2, width
    for _ in range(5):
        middle = (low + high) / 2
        tried = _broken(line, middle, fonts)
        if len(tried) > len(broken):
            low = middle
        else:
            high, broken = middle, tried
    return broken


def _broken(line: str, width: float, fonts: TitleFonts) -> list[str]:
    lines: list[str] = []
    rest = line
    while rest and len(lines) < 2 * _MOST_LINES + 2:
        part = rest[: _fitting(rest, width, fonts)]
        lines.append(part.strip())
        rest = rest[len(part) :].lstrip()
    return lines


def _fitting(text: str, width: float, fonts: TitleFonts) -> int:
    """How many letters fit, ending after a word where there is one; scripts without blanks break anywhere."""
    low, high = 1, min(len(text), 400)
    if fonts.length(text[:high]) <= width and high == len(text):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fonts.length(text[:middle]) <= width else (low, middle - 1)
    space = text.rfind(" ", 0, low + 1)
    return space if space > low // 4 else low
