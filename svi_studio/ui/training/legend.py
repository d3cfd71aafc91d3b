"""Which line is which, once for several plots side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.ui.theme import theme

_SAMPLE, _GAP = 18, 7


class Legend(QWidget):
    """``show_lines`` takes a name, a colour of the theme and whether it is dashed, for each line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_lines(self, lines: Sequence[tuple[str, str, bool]]) -> None:
        """Shows an entry for each line."""
        self._lines = tuple(lines)
        self.setAccessibleName(", ".join(name for name, _, _ in lines))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(200, self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Takes as many rows as its entries need."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Samples of the lines, each with its name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (name, colour, dashed), place in zip(self._lines, self._places(), strict=True):
            x, middle = place.x(), place.y() + self._row / 2
            painter.setPen(QPen(theme().colour(colour), 2, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
            painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
            room = QRectF(x + _SAMPLE + _GAP, place.y(), self._wide(name) + 4, self._row)
            painter.setPen(theme().colour("text-dim"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 4

    def _wide(self, name: str) -> int:
        return self.fontMetrics().horizontalAdvance(name)

    def _places(self) -> list[QPointF]:
        """Where each entry begins; one that does not fit begins the next row."""
        found: list[QPointF] = []
        x, y = 0.0, 0.0
        for name, _, _ in self._lines:
            width = _SAMPLE + _GAP + self._wide(name)
            if x and x + width > self.width():
                x, y = 0.0, y + self._row
            found.append(QPointF(x, y))
            x += width + 3 * _GAP
        return found

    def _fit(self) -> None:
        rows = {place.y() for place in self._places()}
        self.setFixedHeight(max(1, len(rows)) * self._row)
