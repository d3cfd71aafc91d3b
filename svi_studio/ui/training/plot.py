"""A small line plot in the colours of the theme: a few lines, their names, and what lies under the mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.training.plot_scale import Span, span_of, thinned, tick_text, ticks
from svi_studio.ui.theme import theme

_LEFT, _RIGHT, _TOP, _BELOW = 52, 12, 26, 22
_MOST_POINTS = 1200


@dataclass(frozen=True)
class Line:
    """Points from left to right; ``name`` stands in the legend, none = not there. ``colour`` is one of the theme's.

    ``low`` and ``high`` are a band around it, such as a 95 % interval; ``is_faint`` draws it behind the others.
    """

    name: str
    colour: str
    xs: Sequence[float]
    ys: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    is_faint: bool = False
    is_dashed: bool = False


@dataclass(frozen=True)
class Picture:
    """All that a plot shows. ``marks`` are places on the x axis worth a thin line; ``floor`` is a y that is shown."""

    lines: tuple[Line, ...] = ()
    marks: tuple[float, ...] = ()
    x_name: str = ""
    floor: float | None = None
    least: float = 1e-9
    x_span: tuple[float, float] | None = None
    has_legend: bool = True
    nothing: str = ""


class Plot(QWidget):
    """``show_picture`` replaces what it shows."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.picture = Picture()
        self._mouse: float | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def show_picture(self, picture: Picture) -> None:
        """Draws this from now on; those who hear it are told where each line ends."""
        self.picture = picture
        ends = [f"{line.name} {line.ys[-1]:.4g}" for line in picture.lines if line.name and len(line.ys)]
        self.setAccessibleDescription(", ".join(ends) or picture.nothing)
        self.update()

    def sizeHint(self) -> QSize:
        """A small one."""
        return QSize(320, 190)

    def minimumSizeHint(self) -> QSize:
        """The smallest size at which the plot can be read."""
        return QSize(190, 120)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Reads off the values there."""
        self._mouse = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing to read off any more."""
        self._mouse = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, axes, lines, legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_title(painter)
        lines = [line for line in self.picture.lines if len(line.xs)]
        area = QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BELOW)
        if not lines:
            self._draw_nothing(painter, area)
        else:
            spans = self._spans(lines)
            self._draw_axes(painter, area, *spans)
            painter.setClipRect(area.adjusted(-2, -3, 2, 3))
            for line in sorted(lines, key=lambda line: not line.is_faint):
                _draw_line(painter, area, line, *spans)
            painter.setClipping(False)
            if self.picture.has_legend:
                self._draw_legend(painter, lines)
            self._draw_readout(painter, area, lines, *spans)
        painter.end()

    def _spans(self, lines: Sequence[Line]) -> tuple[Span, Span]:
        xs = self.picture.x_span or (min(line.xs[0] for line in lines), max(line.xs[-1] for line in lines))
        ys = [value for line in lines for values in (line.ys, line.low, line.high) for value in values]
        across = Span(xs[0], xs[1] if xs[1] > xs[0] else xs[0] + 1)
        return across, span_of(ys, floor=self.picture.floor, least=self.picture.least)

    def _draw_title(self, painter: QPainter) -> None:
        painter.setFont(_bold(self.font()))
        painter.setPen(theme().colour("text-dim"))
        painter.drawText(QRectF(2, 0, self.width() - 4, 20), Qt.AlignmentFlag.AlignVCenter, self.title)

    def _draw_nothing(self, painter: QPainter, area: QRectF) -> None:
        draw_empty(painter, QRectF(2, area.top(), self.width() - 4, self.height() - area.top() - 4))
        painter.setFont(self.font())
        painter.setPen(theme().colour("text-dim"))
        box = QRectF(12, area.top(), self.width() - 24, self.height() - area.top() - 4)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self.picture.nothing)

    def _draw_axes(self, painter: QPainter, area: QRectF, across: Span, up: Span) -> None:
        painter.setFont(_small(self.font()))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in ticks(up, max(2, int(area.height() // 36))):
            y = area.bottom() - up.part(value) * area.height()
            painter.setPen(QPen(theme().colour("border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme().colour("text-dim"))
            painter.drawText(QRectF(0, y - 9, _LEFT - 8, 18), right, tick_text(value, up))
        for mark in self.picture.marks:
            x = area.left() + across.part(mark) * area.width()
            painter.setPen(QPen(theme().colour("border-strong"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        self._draw_x_numbers(painter, area, across)

    def _draw_x_numbers(self, painter: QPainter, area: QRectF, across: Span) -> None:
        name = self.picture.x_name
        wide = painter.fontMetrics().horizontalAdvance(name) + 12
        painter.setPen(theme().colour("text-dim"))
        below = area.bottom() + 4
        end = QRectF(area.right() - wide, below, wide, 16)
        painter.drawText(end, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        each = 22 + 7 * len(f"{across.high:,.0f}")
        for value in ticks(across, max(1, int((area.width() - wide) // each)), whole=True):
            x = area.left() + across.part(value) * area.width()
            if x < area.right() - wide - 8:
                box = QRectF(x - 40, below, 80, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{int(value):,}")

    def _draw_legend(self, painter: QPainter, lines: Sequence[Line]) -> None:
        painter.setFont(_small(self.font()))
        x = self.width() - _RIGHT
        for line in reversed([line for line in lines if line.name]):
            wide = painter.fontMetrics().horizontalAdvance(line.name)
            x -= wide
            painter.setPen(theme().colour("text-dim"))
            painter.drawText(QRectF(x, 0, wide + 2, 20), Qt.AlignmentFlag.AlignVCenter, line.name)
            x -= 20
            painter.setPen(_pen(line))
            painter.drawLine(QPointF(x, 10.5), QPointF(x + 14, 10.5))
            x -= 12

    def _draw_readout(self, painter: QPainter, area: QRectF, lines: Sequence[Line], across: Span, up: Span) -> None:
        if self._mouse is None or not area.left() <= self._mouse <= area.right():
            return
        wanted = across.value((self._mouse - area.left()) / area.width())
        named = [line for line in lines if line.name]
        if not named:
            return
        nearest = min((x for line in named for x in line.xs), key=lambda x: abs(x - wanted))
        said = [f"{self.picture.x_name} {nearest:,.0f}".strip()]
        x = area.left() + across.part(nearest) * area.width()
        painter.setPen(QPen(theme().colour("border-strong"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for line in named:
            at = min(range(len(line.xs)), key=lambda k: abs(line.xs[k] - nearest))
            if line.xs[at] == nearest:
                said.append(f"{line.name} {line.ys[at]:.4g}")
                point = QPointF(x, area.bottom() - up.part(line.ys[at]) * area.height())
                painter.setPen(QPen(theme().colour("panel"), 1.5))
                painter.setBrush(theme().colour(line.colour))
                painter.drawEllipse(point, 4, 4)
        _draw_note(painter, area, x, "\n".join(said))


def _draw_line(painter: QPainter, area: QRectF, line: Line, across: Span, up: Span) -> None:
    def point(x: float, y: float) -> QPointF:
        return QPointF(area.left() + across.part(x) * area.width(), area.bottom() - up.part(y) * area.height())

    if len(line.low) == len(line.xs) == len(line.high) and len(line.xs) > 1:
        edge = [point(x, y) for x, y in zip(line.xs, line.high, strict=True)]
        edge += [point(x, y) for x, y in zip(reversed(line.xs), reversed(line.low), strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(line.colour, 0.16))
        painter.drawPolygon(QPolygonF(edge))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(line))
    points = [point(line.xs[at], y) for at, y in thinned(line.ys, _MOST_POINTS)]
    if len(points) == 1:
        painter.setBrush(theme().colour(line.colour))
        painter.drawEllipse(points[0], 3, 3)
    else:
        painter.drawPolyline(QPolygonF(points))


def _pen(line: Line) -> QPen:
    colour = theme().colour(line.colour, 0.35 if line.is_faint else 1.0)
    style = Qt.PenStyle.DashLine if line.is_dashed else Qt.PenStyle.SolidLine
    return QPen(colour, 1.0 if line.is_faint else 2.0, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _draw_note(painter: QPainter, area: QRectF, x: float, text: str) -> None:
    metrics = painter.fontMetrics()
    size = metrics.size(0, text)
    box = QRectF(0, 0, size.width() + 16, size.height() + 10)
    box.moveTopLeft(QPointF(x + 10 if x + 10 + box.width() < area.right() else x - 10 - box.width(), area.top() + 4))
    painter.setPen(QPen(theme().colour("border"), 1))
    painter.setBrush(theme().colour("raised"))
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(theme().colour("text"))
    painter.drawText(box.adjusted(8, 5, -8, -5), int(Qt.AlignmentFlag.AlignLeft), text)


def draw_empty(painter: QPainter, box: QRectF) -> None:
    """The ground of a place where something will be."""
    painter.setPen(QPen(theme().colour("border"), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.88)
    return small
