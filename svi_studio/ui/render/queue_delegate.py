"""Draws one line of the queue: a picture, what is asked for, how it stands, and a bar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.render.queue_row import QueueRow
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.render.queue_model import QueueRole
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

PICTURE_HEIGHT = 52
_PICTURE_WIDTH = 72
_MARGIN = 10
_BAR = 4


class QueueDelegate(QStyledItemDelegate):
    """Paints ``QueueRow`` values; without ``thumbnails`` a drawing stands for the picture."""

    def __init__(self, thumbnails: Thumbnails | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Three lines of text, or the picture when that is higher."""
        del index
        lines = QFontMetrics(option.font).lineSpacing() * 3 + _BAR + 4
        return QSize(220, max(lines, PICTURE_HEIGHT) + 2 * _MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        row = index.data(QueueRole.ROW)
        if not isinstance(row, QueueRow):
            return
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_back(painter, rect, option.state)
        room = rect.adjusted(_MARGIN + 2, _MARGIN, -_MARGIN - 2, -_MARGIN)
        picture = QRect(room.left(), room.top(), _PICTURE_WIDTH, PICTURE_HEIGHT)
        self._draw_picture(painter, picture, row)
        _draw_words(painter, room.adjusted(_PICTURE_WIDTH + 12, 0, 0, 0), row, option.font)
        painter.restore()

    def _draw_back(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(rect).adjusted(3.5, 2.5, -3.5, -2.5)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(theme().colour("focus" if focused else "border"))
        painter.setBrush(theme().colour("selection" if selected else "hover" if hovered else "raised"))
        painter.drawRoundedRect(box, 8, 8)

    def _draw_picture(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(rect), 5, 5)
        painter.fillPath(shape, theme().colour("picture-backdrop"))
        picture = self._picture(row)
        painter.save()
        painter.setClipPath(shape)
        if picture is None:
            drawing = icon_pixmap("film", 24, "text-disabled", painter.device().devicePixelRatioF())
            painter.drawPixmap(rect.center().x() - 12, rect.center().y() - 12, drawing)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            draw_cover(painter, picture, QRectF(rect))
        painter.restore()

    def _picture(self, row: QueueRow) -> QPixmap | None:
        if self._thumbnails is None or row.poster is None:
            return None
        return self._thumbnails.pixmap(row.poster, PICTURE_HEIGHT)


def _draw_words(painter: QPainter, room: QRect, row: QueueRow, font: QFont) -> None:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    line = QFontMetrics(font).lineSpacing()
    first, below = QRect(room.left(), room.top(), room.width(), line), room.top() + line
    _draw_line(painter, first, row.what, bold, "text-dim" if row.is_over else "text")
    if row.has_failed:  # why it failed matters more than the film's title, and takes more words
        for number, text in enumerate(_two_lines(row.state, QFontMetrics(font), room.width())):
            place = QRect(room.left(), below + number * line, room.width(), line)
            _draw_line(painter, place, text, font, row.tone)
        return
    _draw_line(painter, QRect(room.left(), below, room.width(), line), row.title, font, "text-dim")
    _draw_line(painter, QRect(room.left(), below + line, room.width(), line), row.state, font, row.tone)
    if row.progress is not None:
        _draw_bar(painter, QRectF(room.left(), below + 2 * line + 3, room.width(), _BAR), row.progress, row.tone)


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> tuple[str, str]:
    """The words that fit into the first line, and the rest."""
    words = text.split()
    fitting = 0
    while fitting < len(words) and metrics.horizontalAdvance(" ".join(words[: fitting + 1])) <= width:
        fitting += 1
    return " ".join(words[: max(fitting, 1)]), " ".join(words[max(fitting, 1) :])


def _draw_line(painter: QPainter, rect: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().colour(colour))
    fitted = QFontMetrics(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, fitted)


def _draw_bar(painter: QPainter, rect: QRectF, part: float, tone: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("border"))
    painter.drawRoundedRect(rect, _BAR / 2, _BAR / 2)
    painter.setBrush(theme().colour(tone))
    painter.drawRoundedRect(QRectF(rect.left(), rect.top(), rect.width() * part, rect.height()), _BAR / 2, _BAR / 2)
