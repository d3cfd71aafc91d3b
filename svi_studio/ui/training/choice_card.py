"""A large button that explains itself: an icon, a title, a sentence; one of a row of them is chosen."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_PAD, _ICON, _RADIUS = 16, 26, 10.0
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class ChoiceCard(QAbstractButton):
    """Checkable; put several into one QButtonGroup. Its height follows its words. ``note``: a few words at its foot."""

    def __init__(self, icon: str, title: str, sentence: str, parent: QWidget | None = None, note: str = "") -> None:
        super().__init__(parent)
        self._icon, self._sentence, self._note = icon, sentence, note
        self.setText(title)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew when the mouse comes and goes
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{sentence} {note}".rstrip())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._ring = False
        theme().changed.connect(self.update)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring only for those who go about with the keyboard."""
        self._ring = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    def hasHeightForWidth(self) -> bool:
        """Yes: the height follows the text."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the icon, the title and the whole sentence."""
        room = QRect(0, 0, max(40, width - 2 * _PAD), 10_000)
        words = self.fontMetrics().boundingRect(room, _WRAP, self._sentence).height()
        title = QFontMetrics(_title_font(self.font())).boundingRect(room, _WRAP, self.text()).height()
        return _PAD + _ICON + 10 + title + 6 + words + self._note_height(room) + _PAD

    def _note_height(self, room: QRect) -> int:
        return 8 + self.fontMetrics().boundingRect(room, _WRAP, self._note).height() if self._note else 0

    def sizeHint(self) -> QSize:
        """A third of a page."""
        return QSize(260, self.heightForWidth(260))

    def minimumSizeHint(self) -> QSize:
        """Narrow, with all of its words."""
        return QSize(150, self.heightForWidth(max(150, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter)
        ink = "accent" if self.isChecked() else "text-dim"
        painter.drawPixmap(_PAD, _PAD, icon_pixmap(self._icon, _ICON, ink, self.devicePixelRatioF()))
        if self.isChecked():
            mark = icon_pixmap("check", 18, "accent", self.devicePixelRatioF())
            painter.drawPixmap(self.width() - _PAD - 18, _PAD, mark)
        box = QRect(_PAD, _PAD + _ICON + 10, self.width() - 2 * _PAD, self.height())
        painter.setFont(_title_font(self.font()))
        painter.setPen(theme().colour("text"))
        painter.drawText(box, _WRAP, self.text())
        box.translate(0, painter.fontMetrics().boundingRect(box, _WRAP, self.text()).height() + 6)
        painter.setFont(self.font())
        painter.setPen(theme().colour("text-dim"))
        painter.drawText(box, _WRAP, self._sentence)
        if self._note:
            box.translate(0, painter.fontMetrics().boundingRect(box, _WRAP, self._sentence).height() + 8)
            painter.setPen(theme().colour("text"))
            painter.drawText(box, _WRAP, self._note)
        painter.end()

    def _draw_ground(self, painter: QPainter) -> None:
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, _RADIUS, _RADIUS)
        ground = "selection" if self.isChecked() else "hover" if self.underMouse() else "raised"
        painter.fillPath(shape, theme().colour(ground))
        ringed = self._ring and self.hasFocus()
        strong = ringed or self.isChecked()
        edge = "text" if ringed else "accent" if self.isChecked() else "border"
        painter.setPen(QPen(theme().colour(edge), 2 if strong else 1))
        painter.drawPath(shape)


def _title_font(font: QFont) -> QFont:
    title = QFont(font)
    title.setWeight(QFont.Weight.DemiBold)
    title.setPointSizeF(font.pointSizeF() * 1.1)
    return title
