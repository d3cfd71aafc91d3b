"""A film or an example as a card: its picture, its title, a quiet line below."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

CARD = QSize(204, 176)
_PICTURE_HEIGHT = 117
_RADIUS = 9.0


class FilmCard(QAbstractButton):
    """A button of a fixed size. Without a picture it shows a drawing of a film."""

    def __init__(self, title: str, line: str, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew when the mouse comes and goes
        self.path = path
        self._title, self._line = title, line
        self._picture: QPixmap | None = None
        self.setFixedSize(CARD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{title}, {line}")
        self.setToolTip(plain_tool_tip(str(path)))

    @property
    def title(self) -> str:
        """The title in full."""
        return self._title

    def set_picture(self, picture: QPixmap) -> None:
        """Shows it, cropped to the card."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, title, line, and a ring when it has the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(shape, theme().colour("hover" if self.underMouse() else "raised"))
        painter.save()
        painter.setClipPath(shape)
        self._draw_picture(painter)
        painter.restore()
        self._draw_words(painter)
        edge = "focus" if self.hasFocus() else "border-strong" if self.underMouse() else "border"
        painter.setPen(QPen(theme().colour(edge), 2 if self.hasFocus() else 1))
        painter.drawPath(shape)
        painter.end()

    def _draw_picture(self, painter: QPainter) -> None:
        area = QRect(0, 0, self.width(), _PICTURE_HEIGHT)
        painter.fillRect(area, theme().colour("timeline-lane"))
        if self._picture is None or self._picture.isNull():
            drawing = icon_pixmap("film", 32, "text-disabled", self.devicePixelRatioF())
            painter.drawPixmap(area.center().x() - 15, area.center().y() - 15, drawing)
            return
        draw_cover(painter, self._picture, QRectF(area))

    def _draw_words(self, painter: QPainter) -> None:
        box = QRect(12, _PICTURE_HEIGHT + 9, self.width() - 24, 20)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        _draw_line(painter, box, self._title)
        painter.setFont(self.font())
        painter.setPen(theme().colour("text-dim"))
        _draw_line(painter, box.translated(0, 21), self._line)


def _draw_line(painter: QPainter, box: QRect, text: str) -> None:
    one_line = " ".join(text.split())
    elided = painter.fontMetrics().elidedText(visible(one_line), Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
