"""The little field in which a marker gets its name, where its flag stands."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from svi_studio.document.storyboard_change import StoryboardChange
from svi_studio.ui.timeline.hit import FLAG_WIDTH
from svi_studio.ui.timeline.view import TimelineView

WIDTH = 180
MAX_LENGTH = 200


class MarkerName(QLineEdit):
    """Enter or a click elsewhere keeps the name, Esc does not. The field goes when it is done."""

    def __init__(self, view: TimelineView, place: int) -> None:
        super().__init__(view)
        self._view, self._place, self._done = view, place, False
        self._markers = view.film.document.storyboard.markers
        marker = self._markers[place]
        view.show_frame(marker.frame)
        self.setText(marker.label)
        self.setMaxLength(MAX_LENGTH)
        self.setPlaceholderText(self.tr("Name of the marker"))
        self.setAccessibleName(self.tr("Name of the marker"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lane = view.scene.lanes.markers
        left = min(max(view.scene.scale.x(marker.frame) + FLAG_WIDTH, 0), max(view.width() - WIDTH, 0))
        self.setStyleSheet("padding: 0 4px; min-height: 0;")
        self.setGeometry(QRect(left, lane.top - 2, WIDTH, lane.height + 4))
        self.selectAll()
        self.show()
        self.setFocus()
        self.returnPressed.connect(self._keep)
        view.scale_changed.connect(self._keep)
        view.film.document.changed.connect(self._edited)

    def _keep(self) -> None:
        if not self._done:
            self._done = True
            others = self._view.film.document.storyboard.markers
            if others is self._markers and self.text() != self._markers[self._place].label:
                self._view.film.commands.markers.rename(self._place, self.text())
            self._close()

    def _edited(self, change: StoryboardChange) -> None:
        if change.markers:
            self._drop()

    def _drop(self) -> None:
        if not self._done:
            self._done = True
            self._close()

    def _close(self) -> None:
        if self.hasFocus():
            self._view.setFocus()
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the name as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._drop()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A click elsewhere keeps the name."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()
