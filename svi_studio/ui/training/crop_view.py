"""What is fed of a clip, at its place in the whole picture of the video."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.training.footage import FootageClip
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_HEIGHT = 168


class CropView(QWidget):
    """``show_clip`` shows one clip; what is cut off is hatched."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._clip: FootageClip | None = None
        self._file: Path | None = None
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        thumbnails.ready.connect(self._came)
        theme().changed.connect(self.update)

    def show_clip(self, clip: FootageClip | None, folder: Path) -> None:
        """Shows the poster of ``clip``, which lies below ``folder``."""
        self._clip = clip
        self._file = folder / clip.poster if clip is not None and clip.poster else None
        self.update()

    def sizeHint(self) -> QSize:
        """A picture of a card's width."""
        return QSize(280, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline of the video's picture, and in it what is fed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme().colour("field"))
        picture = self._thumbnails.pixmap(self._file, _HEIGHT) if self._file is not None else None
        if picture is None:
            drawing = icon_pixmap("film", 36, "text-disabled", self.devicePixelRatioF())
            painter.drawPixmap(self.width() // 2 - 18, self.height() // 2 - 18, drawing)
        else:
            whole, fed = self._boxes(picture.deviceIndependentSize())
            painter.fillRect(whole, QBrush(theme().colour("border"), Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(theme().colour("border"), 1))
            painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.drawPixmap(fed, picture, QRectF(picture.rect()))
        painter.end()

    def _boxes(self, poster: QSizeF) -> tuple[QRectF, QRectF]:
        """Where the video's whole picture is, and the part that is fed, which is what the poster shows."""
        clip = self._clip
        known = clip is not None and clip.crop is not None and clip.width and clip.height
        size = QSizeF(clip.width, clip.height) if clip is not None and known else poster
        size = size.scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        whole = QRectF(*self._middle(size), size.width(), size.height())
        if clip is None or clip.crop is None or not known:
            return whole, whole
        across, down = whole.width() / clip.width, whole.height() / clip.height
        crop = clip.crop
        left, top = whole.left() + crop.left * across, whole.top() + crop.top * down
        return whole, QRectF(left, top, crop.width * across, crop.height * down)

    def _middle(self, size: QSizeF) -> tuple[float, float]:
        return (self.width() - size.width()) / 2, (self.height() - size.height()) / 2

    def _came(self, path: str) -> None:
        if self._file is not None and str(self._file) == path:
            self.update()
