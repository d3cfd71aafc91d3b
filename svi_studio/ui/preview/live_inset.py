"""The clip that is being made, small in a corner of the picture, while the user looks at something else."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.ui.preview.picture_fit import fitted
from svi_studio.ui.preview.scene_painter import draw_progress
from svi_studio.ui.preview.words_painter import lines_of
from svi_studio.ui.theme import theme

LINE = 24.0


class LiveInset(QAbstractButton):
    """A click shows the clip large. ``set_name`` says which clip it is."""

    def __init__(self, live: LiveClip, parent: QWidget) -> None:
        super().__init__(parent)
        self._live = live
        self.setAccessibleName(self.tr("The clip that is rendering"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.resize(self.sizeHint())
        self.hide()

    def set_name(self, name: str) -> None:
        """``Clip 4``; says how far it is too."""
        self.setText(f"{name} · {self._live.text}")
        self.setAccessibleName(self.tr("{} is rendering: show it large").format(name))
        self.setToolTip(self.tr("{}: {}. Click to see it large.").format(name, self._live.text))
        self.update()

    def sizeHint(self) -> QSize:
        """A fifth of a usual picture."""
        return QSize(208, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The newest preview, a line of words, the progress."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        near = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme().colour("clip-rendering" if near else "border-strong"), 1.5))
        painter.setBrush(theme().colour("picture-backdrop"))
        painter.drawRoundedRect(box, 6, 6)
        room = box.adjusted(5, 5, -5, -LINE - 6)
        if self._live.image is not None:
            size = QSizeF(self._live.image.size())
            painter.drawImage(fitted(room, size, whole_pixels=False), self._live.image)
        line = QRectF(box.left() + 8, room.bottom() + 2, box.width() - 16, LINE)
        painter.setPen(theme().colour("on-picture"))
        words = lines_of(self.text(), self.font(), line.width(), 1)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words[0] if words else "")
        draw_progress(painter, box.adjusted(6, 0, -6, -3), self._live.progress)
