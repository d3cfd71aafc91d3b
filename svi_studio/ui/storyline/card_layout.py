"""Where the parts of one line of the desk stand, and its words broken into lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextCharFormat, QTextLayout, QTextOption

from svi_studio.document.story.card_row import CardRow, RowKind
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.theme import theme

GAP = 12  # pixels between the film's column and the proposal's
PAD = 12
BOX = 18  # the check box
PICTURE_WIDTH = 96
PICTURE_HEIGHT = 60
BETWEEN = 8  # pixels between two lines of the desk
_LEFT_PART = 0.36
_LEFT_LEAST, _LEFT_MOST = 200, 420
_LINES = 12


@dataclass(frozen=True, slots=True)
class CardPlaces:
    """Rectangles in the line: the film's clip, the card, and in it the check box, the heading and the words."""

    left: QRect
    left_words: QRect
    right: QRect
    box: QRect
    heading: QRect
    words: QRect
    picture: QRect
    note: QRect
    height: int


def film_column(width: int, *, shown: bool) -> int:
    """Pixels of the film's column with the gap behind it, in lines of ``width``; 0 when no line ``shown`` needs it."""
    return min(max(round(width * _LEFT_PART), _LEFT_LEAST), _LEFT_MOST) + GAP if shown else 0


def places(row: CardRow, width: int, font: QFont, column: int) -> CardPlaces:
    """The places of ``row`` in a line that is ``width`` pixels wide, from its own left top; see ``film_column``."""
    line = QFontMetrics(font).lineSpacing()
    split = max(0, column - GAP)
    inner_left = split - 2 * PAD
    right_width = width - column
    text_left = column + PAD + BOX + 10
    text_width = max(80, width - PAD - text_left - (PICTURE_WIDTH + PAD if row.picture else 0))
    old_height = line + 4 + text_height(row.old, inner_left, font) if row.old or not row.is_card else 0
    new_height = line + 4 + text_height(row.new, text_width, font) if row.is_card else 0
    note = row.refusal or row.note
    note_height = text_height(note, text_width, font) + 4 if note and row.is_card else 0
    new_height = max(new_height + note_height, PICTURE_HEIGHT if row.picture else 0)
    height = max(old_height, new_height) + 2 * PAD
    top = BETWEEN // 2
    left = QRect(0, top, split, height)
    right = QRect(column, top, right_width, height)
    words_top = top + PAD + line + 4
    words_height = text_height(row.new, text_width, font)
    return CardPlaces(
        left=left,
        left_words=left.adjusted(PAD, PAD + line + 4, -PAD, -PAD),
        right=right,
        box=QRect(right.left() + PAD, top + PAD, BOX, BOX),
        heading=QRect(text_left, top + PAD, text_width, line),
        words=QRect(text_left, words_top, text_width, words_height),
        picture=QRect(width - PAD - PICTURE_WIDTH, top + PAD, PICTURE_WIDTH, PICTURE_HEIGHT),
        note=QRect(text_left, words_top + words_height + 4, text_width, note_height),
        height=height + BETWEEN,
    )


def text_height(text: str, width: int, font: QFont) -> int:
    """Height in pixels of ``text`` in lines of ``width`` pixels, at most 12 lines."""
    metrics, room = QFontMetrics(font), max(40, width)
    if "\n" not in text and metrics.horizontalAdvance(text) < room:  # most fit, and laying out is slow
        return metrics.lineSpacing()
    return laid_out(text, (), room, font)[1]


def laid_out(text: str, formats: Sequence[QTextLayout.FormatRange], width: int, font: QFont) -> tuple[QTextLayout, int]:
    """``text`` in lines of ``width`` pixels, and their height. More than 12 lines are not laid out."""
    layout = QTextLayout(visible(text).replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.setFormats(list(formats))
    layout.beginLayout()
    height, spacing = 0.0, QFontMetrics(font).lineSpacing()
    for _ in range(_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += spacing
    layout.endLayout()
    return layout, round(height)


def formats_of(row: CardRow, *, old: bool) -> tuple[str, list[QTextLayout.FormatRange]]:
    """The words of one side, with what differs marked: gone words struck through, new ones underlined."""
    text = row.old if old else row.new
    if row.kind is RowKind.GONE:
        return text, [_range(0, len(text), "danger", struck=True)]
    if row.kind is not RowKind.CHANGED or not row.old:
        return text, []
    other = "new" if old else "old"
    marked, at = [], 0
    for span in row.spans:
        if span.kind == other:
            continue
        size = _units(span.text)
        if span.kind != "same" and span.text.strip():
            marked.append(_range(at, size, "danger" if old else "ok", struck=old))
        at += size
    return text, marked


def _range(start: int, length: int, colour: str, *, struck: bool) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setForeground(theme().colour(colour))
    look.setFontStrikeOut(struck)
    look.setFontUnderline(not struck)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, length, look
    return found


def _units(text: str) -> int:
    """Length in UTF-16 units, which Qt counts positions in."""
    return len(text) + sum(char > "\uffff" for char in text)
