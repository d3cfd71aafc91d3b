"""One clip of the footage as a card: its picture, its caption, and a word when it is left out."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import words
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.training.footage import FootageClip
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap
from svi_studio.ui.training.clip_model import CLIP, ClipModel, Index

CARD = QSize(168, 152)
SPACING = 10
_PICTURE = 100
_RADIUS = 7.0
_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ClipDelegate(QStyledItemDelegate):
    """Paints into the list ``view`` of a ClipModel."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """A card and the gap around it."""
        return CARD + QSize(SPACING, SPACING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the card."""
        clip: FootageClip = index.data(CLIP)
        box = QRect(option.rect.left() + SPACING // 2, option.rect.top() + SPACING // 2, CARD.width(), CARD.height())
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillPath(shape, theme().colour("selection" if chosen else "hover" if hot else "raised"))
        painter.setClipPath(shape)
        self._draw_picture(painter, QRect(box.left(), box.top(), box.width(), _PICTURE), clip, index)
        painter.setClipping(False)
        self._draw_words(painter, option, box, clip)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        edge = "focus" if focused or chosen else "border"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().colour(edge), 2 if focused or chosen else 1))
        painter.drawPath(shape)
        painter.restore()

    def _draw_picture(self, painter: QPainter, room: QRect, clip: FootageClip, index: Index) -> None:
        painter.fillRect(room, theme().colour("picture-backdrop"))
        model = index.model()
        ratio = painter.device().devicePixelRatio()
        picture = None
        if clip.poster and isinstance(model, ClipModel):
            picture = self._thumbnails.pixmap(model.folder / clip.poster, _PICTURE)
        if picture is None:
            painter.drawPixmap(
                room.center().x() - 14, room.center().y() - 14, icon_pixmap("film", 28, "on-picture-dim", ratio)
            )
        else:
            painter.setOpacity(1.0 if clip.is_used else 0.35)
            draw_cover(painter, picture, QRectF(room))
            painter.setOpacity(1.0)
        if not clip.is_used:
            self._draw_pill(painter, room, words.standing(clip), ("eye-off", "warn"))
        elif isinstance(model, ClipModel) and clip.id in model.held_out:
            self._draw_pill(painter, room, words.held_out(), ("eye", "info"))

    def _draw_pill(self, painter: QPainter, room: QRect, text: str, look: tuple[str, str]) -> None:
        """Words on the picture, with an icon in a colour of the theme."""
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        wide = min(painter.fontMetrics().horizontalAdvance(text) + 32, room.width() - 12)
        pill = QRectF(room.left() + 6, room.bottom() - 28, wide, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("panel", 0.94))
        painter.drawRoundedRect(pill, 11, 11)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(int(pill.left()) + 7, int(pill.top()) + 4, icon_pixmap(look[0], 14, look[1], ratio))
        painter.setPen(theme().colour(look[1]))
        _write(painter, pill.toRect().adjusted(25, 0, -6, 0), text)

    def _draw_words(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, clip: FootageClip) -> None:
        line = QRect(box.left() + 9, box.top() + _PICTURE + 5, box.width() - 18, 20)
        painter.setFont(option.font)
        caption = " ".join(clip.caption.split())
        painter.setPen(theme().colour("text" if caption else "text-dim"))
        _write(painter, line, caption or self.tr("No caption"))
        painter.setPen(theme().colour("text-dim"))
        name = clip.source.rpartition("/")[2]
        _write(painter, line.translated(0, 20), f"{words.clock(clip.start)}  {name}")


def _write(painter: QPainter, line: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(visible(text), Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, int(_LINE), shown)
