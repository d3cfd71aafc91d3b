"""A few lines of foreign text in a box, shortened with an ellipsis, in whichever direction its writing runs."""

from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption

from svi_studio.domain.text.visible_text import visible

_PER_LINE = 160
"""UTF-16 units looked at for a shortened last line; more never fits a card."""


def draw_lines(painter: QPainter, text: str, box: QRectF, *, font: QFont, colour: QColor, lines: int) -> None:
    """Draws ``text`` in at most ``lines`` lines from the top of ``box``; what does not fit ends in an ellipsis."""
    painter.setPen(colour)
    width, spacing = box.width(), QFontMetrics(font).lineSpacing()
    layout = _layout(text, font)
    layout.beginLayout()
    last_start = None
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, number * spacing))
        if number == lines - 1 and line.textStart() + line.textLength() < _units(text):
            last_start = line.textStart()
            line.setNumColumns(0)
    layout.endLayout()
    for line in map(layout.lineAt, range(layout.lineCount())):
        if line.textStart() != last_start:
            line.draw(painter, box.topLeft())
    if last_start is not None:
        rest = _from_unit(text, last_start)
        draw_elided(painter, rest, QRectF(box.x(), box.y() + (lines - 1) * spacing, width, spacing), font)


def draw_elided(painter: QPainter, text: str, box: QRectF, font: QFont) -> None:
    """One line in ``box`` in the painter's pen, shortened; right-to-left writing stands at the right."""
    shown = QFontMetrics(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, int(box.width()))
    layout = _layout(shown, font)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(box.width())
    layout.endLayout()
    layout.draw(painter, box.topLeft())


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is of a right-to-left script."""
    directions = (bidirectional(letter) for letter in text[:_PER_LINE])
    return next((each for each in directions if each in {"L", "R", "AL"}), "L") != "L"


def _layout(text: str, font: QFont) -> QTextLayout:
    layout = QTextLayout(visible(text), font)
    side = Qt.AlignmentFlag.AlignRight if runs_right_to_left(text) else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    return layout


def _units(text: str) -> int:
    """Length as Qt counts it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _from_unit(text: str, unit: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[2 * unit : 2 * (unit + _PER_LINE)]
    return encoded.decode("utf-16-le", "replace")
