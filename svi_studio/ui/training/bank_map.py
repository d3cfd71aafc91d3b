"""The error bank as a heat map: one cell for each moment of denoising, brighter the more errors it holds."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.training.plot import draw_empty

_TOP, _BELOW, _GAP = 26, 40, 1.5


class BankMap(QWidget):
    """``show_fill`` takes how many errors each grid holds, noise first, and how many fit into one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill: tuple[int, ...] = ()
        self._capacity = 1
        self._mouse: float | None = None
        self.nothing = ""
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Error bank"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme().changed.connect(self.update)

    @property
    def fill(self) -> tuple[int, ...]:
        """How many errors each grid holds."""
        return self._fill

    def show_fill(self, fill: Sequence[int], capacity: int) -> None:
        """Shows how full each grid is."""
        self._fill, self._capacity = tuple(fill), max(1, capacity)
        self.setAccessibleDescription(self.summary() or self.nothing)
        self.update()

    def summary(self) -> str:
        """``1,240 errors in 38 of 50 moments``; empty without a bank."""
        if not self._fill:
            return ""
        words = self.tr("{count} errors in {held} of {grids} moments")
        held = sum(count > 0 for count in self._fill)
        return words.format(count=f"{sum(self._fill):,}", held=held, grids=len(self._fill))

    def sizeHint(self) -> QSize:
        """A strip with its words."""
        return QSize(320, 118)

    def minimumSizeHint(self) -> QSize:
        """The smallest size at which the map can be read."""
        return QSize(200, 104)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Says what the cell there holds."""
        self._mouse = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Back to the summary."""
        self._mouse = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, cells, what they mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_head(painter)
        area = QRectF(2, _TOP, self.width() - 4, max(20, self.height() - _TOP - _BELOW))
        if not self._fill:
            draw_empty(painter, QRectF(2, _TOP, self.width() - 4, self.height() - _TOP - 4))
            painter.setPen(theme().colour("text-dim"))
            whole = QRectF(12, _TOP, self.width() - 24, self.height() - _TOP - 4)
            painter.drawText(whole, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self.nothing)
        else:
            self._draw_cells(painter, area)
            self._draw_foot(painter, area)
        painter.end()

    def _draw_head(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme().colour("text-dim"))
        line = QRectF(2, 0, self.width() - 4, 20)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.accessibleName())
        painter.setFont(self.font())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, right, self._cell_words() or self.summary())

    def _draw_cells(self, painter: QPainter, area: QRectF) -> None:
        wide = area.width() / len(self._fill)
        marked = self._marked()
        for place, count in enumerate(self._fill):
            cell = QRectF(area.left() + place * wide, area.top(), max(1.0, wide - _GAP), area.height())
            part = min(1.0, count / self._capacity)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("border"))
            painter.drawRoundedRect(cell, 2, 2)
            if count:
                painter.setBrush(theme().colour("accent", 0.22 + 0.78 * part))
                painter.drawRoundedRect(cell, 2, 2)
            if place == marked:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme().colour("text"), 1.5))
                painter.drawRoundedRect(cell, 2, 2)

    def _draw_foot(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(theme().colour("text-dim"))
        line = QRectF(area.left(), area.bottom() + 2, area.width(), 17)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tr("all noise"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, right, self.tr("nearly a picture"))
        self._draw_key(painter, QRectF(area.left(), line.bottom() + 3, area.width(), 15))

    def _draw_key(self, painter: QPainter, line: QRectF) -> None:
        """The scale: empty to full."""
        empty, full = self.tr("empty"), self.tr("full ({count})").format(count=f"{self._capacity:,}")
        metrics = painter.fontMetrics()
        x = line.center().x() - (metrics.horizontalAdvance(empty + full) + 16 + 5 * 13) / 2
        painter.drawText(QRectF(x, line.top(), 200, line.height()), Qt.AlignmentFlag.AlignVCenter, empty)
        x += metrics.horizontalAdvance(empty) + 8
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(5):
            painter.setBrush(theme().colour("accent", 0.22 + 0.78 * step / 4) if step else theme().colour("border"))
            painter.drawRoundedRect(QRectF(x, line.top() + 3, 11, 10), 2, 2)
            x += 13
        painter.setPen(theme().colour("text-dim"))
        painter.drawText(QRectF(x + 6, line.top(), 200, line.height()), Qt.AlignmentFlag.AlignVCenter, full)

    def _marked(self) -> int | None:
        if self._mouse is None or not self._fill or not 2 <= self._mouse < self.width() - 2:
            return None
        return int((self._mouse - 2) * len(self._fill) / (self.width() - 4))

    def _cell_words(self) -> str:
        place = self._marked()
        if place is None:
            return ""
        words = self.tr("moment {number} of {grids}: {count} of {capacity}")
        return words.format(number=place + 1, grids=len(self._fill), count=self._fill[place], capacity=self._capacity)
