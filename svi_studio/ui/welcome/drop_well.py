"""The place to start: press it to choose a picture, or drop one."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_RADIUS = 12.0


class DropWell(QAbstractButton):
    """A large button that looks like a place for a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew when the mouse comes and goes
        self._hot = False
        self._busy = ""
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("New film from a picture"))

    def set_hot(self, hot: bool) -> None:
        """Sets whether something is being held over the window."""
        self._hot = hot
        self.update()

    def set_busy(self, sentence: str) -> None:
        """Says what is going on instead; the button rests meanwhile."""
        self._busy = sentence
        self.setEnabled(not sentence)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a drawing and two lines."""
        return QSize(280, 158)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring only for those who go about with the keyboard: the well is the first to get the focus anyway."""
        self._ring = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled box with a drawing and what to do."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        lit = self._hot or (self.underMouse() and self.isEnabled())
        fill = "raised" if self._busy else "accent-hover" if lit else "accent-fill"
        ringed = self._hot or (self._ring and self.hasFocus())
        edge = "text" if ringed else fill
        painter.setPen(QPen(theme().colour(edge), 2, Qt.PenStyle.DashLine if self._hot else Qt.PenStyle.SolidLine))
        painter.setBrush(theme().colour(fill))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        self._draw_words(painter)
        painter.end()

    def _draw_words(self, painter: QPainter) -> None:
        ink = "text" if self._busy else "on-accent"
        drawing = icon_pixmap("picture", 36, ink, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 36) // 2, 26, drawing)
        painter.setPen(theme().colour(ink))
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        first = self._busy or self.tr("New film from a picture")
        painter.drawText(QRect(10, 70, self.width() - 20, 26), centre, first)
        painter.setFont(self.font())
        second = "" if self._busy else self.tr("Choose one, or drop a picture or a video here")
        painter.drawText(QRect(10, 98, self.width() - 20, 36), centre, second)
