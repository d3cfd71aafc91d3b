"""Draws a few words where there is no picture: whole lines, centred, the last one with dots when there are more."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from svi_studio.ui.preview.scene import Words
from svi_studio.ui.theme import theme

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
    """A colour of the theme, light enough to be read on the dark surround of pictures in both themes."""
    colour = theme().colour(tone)
    while colour.lightnessF() < 0.6:
        colour = colour.lighter(130)
        if colour.lightnessF() == 0:
            return theme().colour("on-picture")
    return colour


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
    ends = [*starts[1:], len(flat)]
    units = _by_code_unit(flat)
    lines = [units[start:end].decode("utf-16-le", "ignore").strip() for start, end in _doubled(starts, ends)]
    if len(lines) <= most and len(text) <= _LONGEST:
        return lines
    rest = units[2 * starts[most - 1] :].decode("utf-16-le", "ignore")
    last = QFontMetricsF(font).elidedText(rest + "…", Qt.TextElideMode.ElideRight, width)
    return [*lines[: most - 1], last]


def _by_code_unit(text: str) -> bytes:
    """Qt counts in UTF-16 units, so that an emoji is two."""
    return text.encode("utf-16-le", "surrogatepass")


def _doubled(starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
    return [(2 * start, 2 * end) for start, end in zip(starts, ends, strict=True)]
