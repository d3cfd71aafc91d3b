"""The names of the lanes, in a column at the left that does not scroll."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.timeline.scene import Box
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.lanes.lane import lane_boxes
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.surface.canvas import TimelineCanvas

PAD = 10


class LaneNames(QWidget):
    """The painted names of the lanes, as high as the timeline beside them."""

    def __init__(self, canvas: TimelineCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._paints = Paints(self.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Lane names"))
        theme().changed.connect(self._restyle)
        canvas.lanes_changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = QFontMetrics(self._paints.small)
        return QSize(max(metrics.horizontalAdvance(lane.words) for lane in self._canvas.lanes) + 2 * PAD, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what is seen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._paints.ruler)
        painter.setFont(self._paints.small)
        lanes = self._canvas.lanes
        for lane, box in zip(lanes, lane_boxes(lanes, self.height()).values(), strict=True):
            self._paint_name(painter, box, lane.words)
        painter.setPen(self._paints.line)
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.end()

    def _paint_name(self, painter: QPainter, lane: Box, word: str) -> None:
        painter.setPen(self._paints.dim)
        top = Qt.AlignmentFlag.AlignTop if lane.height > 60 else Qt.AlignmentFlag.AlignVCenter
        box = QRect(PAD, lane.top + (6 if lane.height > 60 else 0), self.width() - PAD - 2, lane.height)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | top, word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follows the lanes, which have other heights."""
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follows another font or style."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._restyle()
        super().changeEvent(event)

    @Slot()
    def _restyle(self) -> None:
        self._paints = Paints(self.font())
        self.updateGeometry()
        self.update()
