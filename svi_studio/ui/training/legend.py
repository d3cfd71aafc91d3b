"""Which line is which, once for several plots side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
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
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(200, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Samples of the lines, each with its name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = 0.0, self.height() / 2
        for name, colour, dashed in self._lines:
            painter.setPen(QPen(theme().colour(colour), 2, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
            painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
            x += _SAMPLE + _GAP
            wide = painter.fontMetrics().horizontalAdvance(name)
            painter.setPen(theme().colour("text-dim"))
            painter.drawText(QRectF(x, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
            x += wide + 3 * _GAP
        painter.end()
