"""The program's own icon, for the window, the task bar and the welcome."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from svi_studio.resource_files import resource_path

_SIZES = (16, 32, 64, 128, 256)


def app_icon() -> QIcon:
    """The icon in all sizes that desktops ask for."""
    drawn = QIcon()
    for size in _SIZES:
        drawn.addPixmap(app_pixmap(size))
    return drawn


def app_pixmap(size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels."""
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing = QSvgRenderer(str(resource_path("icons", "program", "app.svg")))
    drawing.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
