"""Draws a few words where there is no picture: whole lines, centred, the last one with dots when there are more."""

from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from svi_studio.document.preview.scene import Words
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.colours import DARK

_LONGEST = 2000  # letters of a prompt that can ever be in sight
_WIDEST = 620.0
_BETWEEN = 10.0


@dataclass(frozen=True, slots=True)
class _Part:
    """Text in one font and colour, at most ``most`` lines of it."""

    text: str
    font: QFont
    colour: QColor
    most: int


def draw_words(painter: QPainter, place: QRectF, words: Words) -> None:
    """A calm card at ``place``: what it is, what happens in it, how it stands."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("on-picture", 0.14), 1))
    painter.setBrush(theme().colour("on-picture", 0.045))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    room = place.adjusted(20, 12, -20, -12)
    room.setWidth(max(0.0, min(room.width(), _WIDEST)))
    room.moveCenter(QPointF(place.center().x(), room.center().y()))
    if room.isValid():
        _draw_parts(painter, room, _parts(painter.font(), words))
    painter.restore()


def on_picture(tone: str) -> QColor:
    """A colour to be read on the dark surround of pictures: that of the dark look, whatever the look of the window."""
    return QColor(DARK[tone])


def _parts(base: QFont, words: Words) -> list[_Part]:
    title, text = QFont(base), QFont(base)
    title.setBold(True)
    text.setPointSizeF(max(base.pointSizeF(), 1.0) * 1.25)
    parts = (
        _Part(words.title, title, theme().colour("on-picture-dim"), 1),
        _Part(words.text, text, theme().colour("on-picture"), 5),
        _Part(words.note, base, on_picture(words.tone), 3),
    )
    return [part for part in parts if part.text]


def _draw_parts(painter: QPainter, room: QRectF, parts: list[_Part]) -> None:
    """All parts as one block in the middle of ``room``; the longest gives up lines when there is no room for all."""
    most = [part.most for part in parts]
    while True:
        lines = [lines_of(part.text, part.font, room.width(), count) for part, count in zip(parts, most, strict=True)]
        heights = [QFontMetricsF(part.font).lineSpacing() * len(each) for part, each in zip(parts, lines, strict=True)]
        height = sum(heights) + _BETWEEN * (len(parts) - 1)
        if height <= room.height() or max(most, default=1) == 1:
            break
        most[most.index(max(most))] -= 1
    top = max(room.top(), room.center().y() - height / 2)
    for part, each, tall in zip(parts, lines, heights, strict=True):
        if top + tall > room.bottom() + 1:
            return
        _draw_lines(painter, QRectF(room.left(), top, room.width(), tall), part, each)
        top += tall + _BETWEEN


def _draw_lines(painter: QPainter, room: QRectF, part: _Part, lines: list[str]) -> None:
    painter.setFont(part.font)
    painter.setPen(part.colour)
    height = room.height() / max(1, len(lines))
    for number, line in enumerate(lines):
        row = QRectF(room.left(), room.top() + number * height, room.width(), height)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), line)


def lines_of(text: str, font: QFont, width: float, most: int) -> list[str]:
    """``text`` broken into at most ``most`` lines of ``width`` pixels; dots at the end say that there is more."""
    flat = " ".join(text[:_LONGEST].split())
    layout = QTextLayout(flat, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) <= most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    if not starts:
        return []
    units = flat.encode("utf-16-le", "surrogatepass")  # Qt counts so: an emoji is two

    def part(start: int, end: int | None) -> str:
        return units[2 * start : None if end is None else 2 * end].decode("utf-16-le", "ignore").strip()

    lines = [part(start, end) for start, end in zip_longest(starts, starts[1:])]
    if len(lines) <= most and len(text) <= _LONGEST:
        return lines
    rest = part(starts[min(most, len(starts)) - 1], None)
    last = QFontMetricsF(font).elidedText(rest + "…", Qt.TextElideMode.ElideRight, width)
    return [*lines[: most - 1], last]
