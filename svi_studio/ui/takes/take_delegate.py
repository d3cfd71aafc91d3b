"""Draws one take: its picture, what it was made with, why it is or is not the present one, its stars."""

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.takes.take_look import TakeLook
from svi_studio.document.takes.take_words import made_words, seed_words, standing_words, when_words
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.stars import MOST, draw_stars, star_at
from svi_studio.ui.takes.take_model import LOOK
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

PAD = 6
PICTURE = 84
STAR = 14
Index = QModelIndex | QPersistentModelIndex


class TakeDelegate(QStyledItemDelegate):
    """``rated`` brings a take's hash and its new stars when somebody clicks on them."""

    rated = Signal(str, int)

    def __init__(self, thumbnails: Thumbnails, parent: Any = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.can_rate = True

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Four lines of text."""
        return QSize(200, 4 * (option.fontMetrics.height() + 2) + 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        look: TakeLook = index.data(LOOK)
        room: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option, room)
        self._draw_picture(painter, room, look)
        self._draw_text(painter, option, room, look)
        stars = stars_of(room, option.fontMetrics.height())
        draw_stars(painter, QRectF(stars), look.stars)
        painter.restore()

    def editorEvent(
        self, event: QEvent, _model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on a star rates; a click on the last one takes the rating away."""
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent) or not self.can_rate:
            return False
        stars = stars_of(option.rect, option.fontMetrics.height())
        if not stars.contains(event.position().toPoint()):
            return False
        look: TakeLook = index.data(LOOK)
        chosen = star_at(event.position().x() - stars.left(), STAR)
        self.rated.emit(look.take_hash, 0 if chosen == look.stars else chosen)
        return True

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect) -> None:
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if selected else "hover"))
            painter.drawRoundedRect(QRectF(room).adjusted(2, 1, -2, -1), 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme().colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(room).adjusted(2.5, 1.5, -2.5, -1.5), 6, 6)

    def _draw_picture(self, painter: QPainter, room: QRect, look: TakeLook) -> None:
        place = QRect(room.left() + PAD, room.top() + PAD, PICTURE, room.height() - 2 * PAD)
        picture = self._thumbnails.pixmap(look.poster, place.height())
        if picture is None:
            painter.fillRect(place, theme().colour("hover"))
            return
        size = picture.deviceIndependentSize().scaled(place.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(QRectF(place).center())
        painter.drawPixmap(target, picture, QRectF(picture.rect()))
        if look.is_shown:
            painter.setPen(theme().colour("ok"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(target.adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_text(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, look: TakeLook) -> None:
        high = option.fontMetrics.height() + 2
        line = QRect(room.left() + PICTURE + 3 * PAD, room.top() + PAD, room.width() - PICTURE - 4 * PAD, high)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        badge = self._draw_badges(painter, line, look)
        _write(painter, line.adjusted(0, 0, -badge, 0), seed_words(look.take), bold, "text")
        font = option.font
        good = look.fits or look.is_shown
        _write(painter, line.translated(0, high), standing_words(look), font, "ok" if good else "warn")
        _write(painter, line.translated(0, 2 * high), made_words(look), font, "text-dim")
        last = line.translated(0, 3 * high).adjusted(0, 0, -MOST * STAR - PAD, 0)
        _write(painter, last, when_words(look.take), font, "text-dim")

    def _draw_badges(self, painter: QPainter, line: QRect, look: TakeLook) -> int:
        """Draws the signs at the end of the line; returns the room they take."""
        names = [("pin", look.is_kept), ("check", look.is_shown)]
        taken = 0
        for name, wanted in names:
            if wanted:
                taken += 18
                ratio = painter.device().devicePixelRatio()
                painter.drawPixmap(line.right() - taken + 2, line.top(), icon_pixmap(name, 16, "ok", ratio))
        return taken


def stars_of(room: QRect, text_height: int) -> QRect:
    """Where the stars of a row are."""
    width, height = MOST * STAR, text_height + 2
    return QRect(room.right() - PAD - width, room.bottom() - PAD - height + 1, width, height)


def _write(painter: QPainter, line: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().colour(colour))
    shown = painter.fontMetrics().elidedText(visible(text), Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
