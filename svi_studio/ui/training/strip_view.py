"""A strip of pictures side by side, as wide as its room, with its proportions kept."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.ui.theme import theme
from svi_studio.ui.training.plot import draw_empty

_FIRST_HEIGHT = 72
_LEAST, _MOST = 64, 1600  # pixels of height that a picture is read with: sharp at its own size, bounded in memory


class StripView(QWidget):
    """``show_file`` shows a picture file, at its own size where there is room; None shows the words ``nothing``.

    ``clicked`` gives the file.
    """

    clicked = Signal(Path)

    def __init__(self, thumbnails: Thumbnails, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails, self._most = thumbnails, height
        self._file: Path | None = None
        self._own_height = _LEAST
        self.nothing = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(min(height, _FIRST_HEIGHT))
        thumbnails.ready.connect(self._came)
        theme().changed.connect(self.update)

    def show_file(self, file: Path | None, own_height: int = 0) -> None:
        """Shows it as soon as it is read; ``own_height`` in pixels is what the file has, 0 = as high as may be."""
        self._file = file
        self._own_height = min(max(own_height or self._most, _LEAST), _MOST)
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as it may be."""
        return QSize(400, self._most)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Other widths, other heights."""
        self._fit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the picture."""
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() == Qt.MouseButton.LeftButton and self._picture() is not None:
            self.clicked.emit(self._file)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, or what is said instead."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = self._picture()
        if picture is None:
            draw_empty(painter, QRectF(self.rect()))
            painter.setPen(theme().colour("text-dim"))
            centre = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(8, 0, -8, 0), centre, "" if self._file else self.nothing)
        else:
            size = picture.deviceIndependentSize()
            if size.width() > self.width() or size.height() > self.height():
                size = size.scaled(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawPixmap(QRectF(0, 0, size.width(), size.height()), picture, QRectF(picture.rect()))
        painter.end()

    def _picture(self) -> QPixmap | None:
        return None if self._file is None else self._thumbnails.pixmap(self._file, self._own_height)

    def _fit(self) -> None:
        picture = self._picture()
        if picture is None:
            return
        size = picture.deviceIndependentSize()
        scaled = min(1.0, self.width() / max(1.0, size.width()))
        wanted = min(self._most, round(size.height() * scaled))
        if wanted != self.height():
            self.setFixedHeight(max(24, wanted))

    def _came(self, path: str) -> None:
        if self._file is not None and str(self._file) == path:
            self._fit()
            self.update()
