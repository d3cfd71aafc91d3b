"""Pictures that fill a box, as cards everywhere show them."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap


def draw_cover(painter: QPainter, picture: QPixmap, box: QRectF) -> None:
    """Fills ``box`` with the middle of ``picture``, its shape kept."""
    width, height = picture.width(), picture.height()
    if not width or not height or box.isEmpty():
        return
    scale = max(box.width() / width, box.height() / height)
    shown_width, shown_height = box.width() / scale, box.height() / scale
    source = QRectF((width - shown_width) / 2, (height - shown_height) / 2, shown_width, shown_height)
    painter.drawPixmap(box, picture, source)
