"""The fonts of a subtitle: each letter in one that has it, and which letters none of this computer's fonts has."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import ImageFont, features

from svi_studio.media.sheet_text import Font, fonts_here, has_letter
from svi_studio.media.subtitles.text_direction import (
    has_right_to_left,
    left_to_right,
    needs_joining,
    runs_right_to_left,
)

_TRIED_SIZE = 24  # pixels; a font has a letter in every size or in none
_MOST_NAMED = 12
Run = tuple[str, Font]


class TitleFonts:
    """The fonts of this computer in one size, in pixels."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._fonts = fonts_here(size)

    def runs(self, line: str) -> list[Run]:
        """The parts of ``line`` from left to right, each with a font that has its letters."""
        parts: list[tuple[str, int]] = []
        for letter in line:
            place = _font_of(letter)
            if parts and (place is None or place == parts[-1][1] or _is_mark(letter)):
                parts[-1] = (parts[-1][0] + letter, parts[-1][1])
            else:
                parts.append((letter, place or 0))
        if len(parts) > 1 and runs_right_to_left(line):
            parts.reverse()
        return [(_ordered(text), self._fonts[place]) for text, place in parts]

    def length(self, line: str) -> float:
        """How wide a line is, in pixels."""
        return sum(font.getlength(text, direction=direction(text, font)) for text, font in self.runs(line))

    @property
    def line_height(self) -> int:
        """From one line to the next, in pixels."""
        return round(self.size * 1.28)


def direction(text: str, font: Font) -> str | None:
    """What Pillow has to be told to draw ``text`` in its direction; None where it cannot be told, or needs not."""
    if not orders_by_itself() or not isinstance(font, ImageFont.FreeTypeFont):
        return None
    return "rtl" if runs_right_to_left(text) else None


def missing_letters(texts: Iterable[str]) -> tuple[str, ...]:
    """The letters in ``texts`` that no font of this computer has, each once, in the order of Unicode."""
    letters = frozenset().union(*map(frozenset, texts))
    return tuple(sorted(letter for letter in letters if not _is_unseen(letter) and _font_of(letter) is None))


def lettering_remarks(texts: Sequence[str]) -> tuple[str, ...]:
    """What to know before these texts are drawn on this computer, a sentence each."""
    remarks = []
    missing = missing_letters(texts)
    if missing:
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:_MOST_NAMED])
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        remarks.append(
            f"No font on this computer has the letters {named}{more}: they become empty boxes. Install a font that has "
            "them, for example Noto Sans, or keep the subtitles in a file of their own."
        )
    if not orders_by_itself() and any(map(needs_joining, texts)):
        remarks.append(
            "Arabic letters are not joined here, because the library fribidi is not installed: "
            "keep the subtitles in a file of their own."
        )
    return tuple(remarks)


@cache
def orders_by_itself() -> bool:
    """Whether Pillow found the libraries that order and join letters of every script."""
    return bool(features.check("raqm") and features.check("fribidi"))


@cache
def _font_of(letter: str) -> int | None:
    """Place of the first font that has the letter; None when none has, or when it is nothing to be seen."""
    if _is_unseen(letter):
        return None
    fonts = fonts_here(_TRIED_SIZE)
    return next((place for place, font in enumerate(fonts) if has_letter(font, letter)), None)


def _is_unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc", "Cs", "Co", "Cn"} or _is_variant(letter)


def _is_variant(letter: str) -> bool:
    return 0xFE00 <= ord(letter) <= 0xFE0F


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _ordered(text: str) -> str:
    return text if orders_by_itself() or not has_right_to_left(text) else left_to_right(text)
