"""A place where something will be: dashed, with a few words about what."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.training.plot import draw_empty

_HEIGHT = 216


class EmptyBox(QLabel):
    """A label in a dashed box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setProperty("tone", "dim")
        self.setContentsMargins(24, 12, 24, 12)
        self.setMinimumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_empty(painter, QRectF(self.rect()))
        painter.end()
        super().paintEvent(event)
