"""What the queue panel shows while nothing is queued."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_SIDE = 40


class QueueNothing(QWidget):
    """Shown for an empty queue: what would be here, and how it comes here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        headline = QLabel(self.tr("The queue is empty"), self)
        headline.setProperty("role", "heading")
        advice = QLabel(self.tr("What you render is listed here and made one after the other."), self)
        advice.setProperty("tone", "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addStretch(2)
        for label in (self._picture, headline, advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(3)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(icon_pixmap("queue", _SIDE, "text-disabled", self.devicePixelRatioF()))
