"""A whole picture on a dark ground, as large as there is room, over which others draw what a hand moves."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.domain.pictures.picture_look import Size
from svi_studio.ui.theme import theme

MOVES: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Which way the arrow keys move what lies over a picture."""
SIZES: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
"""Whether a key makes it larger or smaller."""
_WORDS = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
_EDGE = 16


class PictureView(QWidget):
    """Set ``image`` and the ``picture``'s size, which places over it count in; draw over it in ``paint_over``.

    ``waiting`` are the words that stand there while there is no image.
    """

    def __init__(self, picture: Size, waiting: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.picture = picture
        self.waiting = waiting
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Still large enough for a hand."""
        return QSize(280, 180)

    def room(self) -> QRectF:
        """Where the picture stands."""
        size = QSize(*self.picture).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture and what lies over it, or words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("picture-backdrop"))
        if self.image is None or self.image.isNull():
            painter.setPen(theme().colour("on-picture"))
            painter.drawText(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), _WORDS, self.waiting)
            return
        room = self.room()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(room, self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_over(painter, room)

    def paint_over(self, painter: QPainter, room: QRectF) -> None:
        """Draws what lies over the picture, which fills ``room``."""
        raise NotImplementedError
