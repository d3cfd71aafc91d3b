"""The names of the lanes, in a column at the left that does not scroll."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from svi_studio.document.timeline.scene import Box
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.lanes.lane import Lane, lane_boxes
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.surface.canvas import TimelineCanvas

PAD = 10
BUTTON = 20
"""Pixels of a small button beside or under a lane's name."""


class LaneNames(QWidget):
    """The painted names of the lanes, as high as the timeline beside them, with the small buttons that some have."""

    def __init__(self, canvas: TimelineCanvas, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._actions = canvas, actions
        self.buttons: dict[str, list[QToolButton]] = {}
        self._paints = Paints(self.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Lane names"))
        theme().changed.connect(self._restyle)
        canvas.lanes_changed.connect(self._restyle)
        self._make_buttons()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = QFontMetrics(self._paints.small)
        widths = [max(metrics.horizontalAdvance(lane.words), len(lane.buttons) * BUTTON) for lane in self._canvas.lanes]
        return QSize(max(widths) + 2 * PAD, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what is seen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._paints.ruler)
        painter.setFont(self._paints.small)
        lanes = self._canvas.lanes
        for lane, box in zip(lanes, lane_boxes(lanes, self.height()).values(), strict=True):
            self._paint_name(painter, box, lane)
        painter.setPen(self._paints.line)
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.end()

    def _paint_name(self, painter: QPainter, box: Box, lane: Lane) -> None:
        painter.setPen(self._paints.dim)
        on_top = box.height > 60 or bool(lane.buttons)
        top = Qt.AlignmentFlag.AlignTop if on_top else Qt.AlignmentFlag.AlignVCenter
        gap = 6 if box.height > 60 else 1 if on_top else 0
        painter.drawText(
            QRect(PAD, box.top + gap, self.width() - PAD - 2, box.height),
            Qt.AlignmentFlag.AlignLeft | top,
            lane.words,
        )

    def _make_buttons(self) -> None:
        """The buttons of the lanes that are there now; in the order of the Tab key they stand before the film."""
        wanted = {lane.name: lane for lane in self._canvas.lanes if lane.buttons}
        for name in self.buttons.keys() - wanted.keys():
            for button in self.buttons.pop(name):
                button.hide()
                button.deleteLater()
        for name in wanted.keys() - self.buttons.keys():
            self.buttons[name] = [self._button(action_id) for action_id in wanted[name].buttons]
        self._place_buttons()

    def _button(self, action_id: str) -> QToolButton:
        button = QToolButton(self)
        action = self._actions.action(action_id)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setAccessibleName(action.text().rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(BUTTON - 4, BUTTON - 4))
        button.setStyleSheet("padding: 0; border-radius: 4px; min-height: 0; min-width: 0;")
        button.show()
        return button

    def _place_buttons(self) -> None:
        boxes = lane_boxes(self._canvas.lanes, self.height())
        for name, buttons in self.buttons.items():
            box = boxes[name]
            top = min(box.top + QFontMetrics(self._paints.small).height() + (8 if box.height > 60 else 1), box.bottom)
            for place, button in enumerate(buttons):
                height = min(BUTTON, max(box.bottom - top, 14))
                button.setGeometry(PAD - 4 + place * (BUTTON + 2), top, BUTTON, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follows the lanes, which have other heights."""
        self._place_buttons()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follows another font or style."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._restyle()
        super().changeEvent(event)

    @Slot()
    def _restyle(self) -> None:
        self._paints = Paints(self.font())
        self._make_buttons()
        self.updateGeometry()
        self.update()
