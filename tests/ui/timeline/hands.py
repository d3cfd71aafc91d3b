"""Hands for tests of the timeline: presses, drags and wheel turns as real events."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from svi_studio.ui.timeline.panel import TimelinePanel

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
Kind = QEvent.Type


class Hands:
    """Acts on the painted surface of a panel."""

    def __init__(self, panel: TimelinePanel) -> None:
        self.panel, self.view = panel, panel.view

    def card(self, number: int) -> QPoint:
        """The middle of the words of clip ``number``, counted from 1."""
        left, right = self.view.scene.card_span(number - 1)
        return QPoint((left + right) // 2, self.view.scene.lanes["clips"].bottom - 20)

    def edge(self, gap: int) -> int:
        """The pixel of the gap before clip ``gap + 1``."""
        return self.view.scale.x(self.view.scene.layout.edges[gap])

    def mouse(
        self, kind: QEvent.Type, at: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        place = QPointF(at)
        pressed = Qt.MouseButton.NoButton if kind == Kind.MouseMove else button
        held = Qt.MouseButton.NoButton if kind == Kind.MouseButtonRelease else button
        event = QMouseEvent(kind, place, self.view.mapToGlobal(place), pressed, held, keys)
        QApplication.sendEvent(self.view, event)

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        self.mouse(Kind.MouseButtonPress, at, keys)
        self.mouse(Kind.MouseButtonRelease, at, keys)

    def double_click(self, at: QPoint) -> None:
        self.click(at)
        self.mouse(Kind.MouseButtonDblClick, at)
        self.mouse(Kind.MouseButtonRelease, at)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        keys: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
        drop: bool = True,
    ) -> None:
        self.mouse(Kind.MouseButtonPress, start, keys, button)
        for share in (0.3, 0.7, 1.0):
            self.mouse(Kind.MouseMove, start + (end - start) * share, keys, button)
        if drop:
            self.mouse(Kind.MouseButtonRelease, end, keys, button)

    def key(self, key: Qt.Key) -> None:
        QApplication.sendEvent(self.view, QKeyEvent(Kind.KeyPress, key, NONE))

    def wheel(self, at: QPoint, angle: QPoint, keys: Qt.KeyboardModifier = NONE, pixels: QPoint | None = None) -> None:
        place = QPointF(at)
        event = QWheelEvent(
            place,
            self.view.mapToGlobal(place),
            pixels or QPoint(),
            angle,
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view, event)

    def drop(self, mime: QMimeData, at: QPoint, let_go: bool = True) -> bool:
        """Drag ``mime`` in and drop it; returns whether the timeline wanted it."""
        action, buttons = Qt.DropAction.CopyAction, LEFT
        enter = QDragEnterEvent(at, action, mime, buttons, NONE)
        enter.ignore()
        QApplication.sendEvent(self.view, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(self.view, QDragMoveEvent(at, action, mime, buttons, NONE))
        if let_go:
            QApplication.sendEvent(self.view, QDropEvent(QPointF(at), action, mime, buttons, NONE))
        return True


def ids(panel: TimelinePanel) -> list[str]:
    """The film's clips in order."""
    return [clip.id for clip in panel.film.document.storyboard.clips]
