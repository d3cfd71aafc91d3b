"""Paints what a gesture shows: rubber band, insertion line with the cards in hand, guide line, place of a drop."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from svi_studio.document.timeline.scene import DropPlace
from svi_studio.ui.timeline.cards.parts import RADIUS, START_SHARE, picture_size
from svi_studio.ui.timeline.lanes.lane import Brush
from svi_studio.ui.timeline.lanes.paint_clips import card_rect
from svi_studio.ui.timeline.paints import sign

GHOST_WIDTH = 132
GHOST_HEIGHT = 84


def paint_overlay(brush: Brush) -> None:
    """Paints the gesture under way, above all lanes."""
    overlay = brush.host.overlay
    if not overlay.shown:
        return
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if overlay.band is not None:
        _band(brush, overlay.band)
    if overlay.guide is not None:
        _guide(brush, overlay.guide)
    if overlay.insertion is not None:
        _insertion(brush, overlay.insertion)
    if overlay.words_at is not None:
        _words(brush, overlay.words_at, overlay.words)
    if overlay.drop is not None:
        _drop(brush, overlay.drop)
    if overlay.ghost is not None:
        _lifted(brush)
        _ghost(brush, overlay.ghost)
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _band(brush: Brush, box: QRect) -> None:
    tint = QColor(brush.paints.accent)
    tint.setAlphaF(0.16)
    brush.painter.setBrush(tint)
    brush.painter.setPen(QPen(brush.paints.accent, 1))
    brush.painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))


def _guide(brush: Brush, frame: int) -> None:
    x = brush.scene.scale.x(frame) + 0.5
    brush.painter.setPen(QPen(brush.paints.snap, 1, Qt.PenStyle.DashLine))
    brush.painter.drawLine(QPointF(x, 0), QPointF(x, brush.host.height()))


def _insertion(brush: Brush, gap: int) -> None:
    """A strong line between two cards, with a triangle at both ends."""
    x = float(brush.scene.scale.x(brush.scene.layout.edges[gap]))
    lane = brush.scene.lanes["clips"]
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(brush.paints.accent)
    brush.painter.drawRoundedRect(QRectF(x - 2, lane.top - 3, 4, lane.height + 6), 2, 2)
    for y, tip in ((lane.top - 3, 7), (lane.bottom + 3, -7)):
        points = [QPointF(x - 7, y), QPointF(x + 7, y), QPointF(x, y + tip)]
        brush.painter.drawPolygon(QPolygonF(points))


def _words(brush: Brush, at: QPoint, words: str) -> None:
    """Paints what the gesture changes, beside the mouse."""
    metrics = QFontMetrics(brush.paints.font)
    wide, high = metrics.horizontalAdvance(words) + 16, metrics.height() + 6
    left = min(max(at.x() + 14, 6), max(brush.host.width() - wide - 6, 6))
    top = min(max(at.y() - high - 8, 2), brush.host.height() - high - 2)
    _label(brush, QRectF(left, top, wide, high), words)


def _drop(brush: Brush, place: DropPlace) -> None:
    if place.lane:
        box = _drop_line(brush, place)
    elif not place.onto_clip:
        _insertion(brush, place.index)
        box = QRect(brush.scene.scale.x(brush.scene.layout.edges[place.index]), brush.scene.lanes["clips"].top, 0, 0)
    else:
        box = card_rect(brush, place.index)
        brush.painter.setBrush(Qt.BrushStyle.NoBrush)
        brush.painter.setPen(QPen(brush.paints.accent, 3))
        if place.at_end:
            box.setLeft(box.left() + round(START_SHARE * box.width()))
        brush.painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), RADIUS, RADIUS)
    _hint(brush, box)


def _drop_line(brush: Brush, place: DropPlace) -> QRect:
    """A line in the lane that takes it, where it will begin; through all lanes while the film has no such lane."""
    x = brush.scene.scale.x(place.index)
    lane = brush.scene.lanes.get(place.lane)
    top, bottom = (lane.top, lane.bottom) if lane is not None else (0, brush.host.height())
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(brush.paints.accent)
    brush.painter.drawRoundedRect(QRectF(x - 1.5, top, 3, bottom - top), 1.5, 1.5)
    return QRect(x, top if lane is not None else brush.scene.lanes["clips"].top, 0, 0)


def _hint(brush: Brush, beside: QRect) -> None:
    """Paints the hint that says what letting go here does."""
    if not brush.host.overlay.drop_hint:
        return
    metrics = QFontMetrics(brush.paints.font)
    wide = metrics.horizontalAdvance(brush.host.overlay.drop_hint) + 20
    left = min(max(beside.left() + 10, 6), max(brush.host.width() - wide - 6, 6))
    _label(brush, QRectF(left, beside.top() + 10, wide, metrics.height() + 10), brush.host.overlay.drop_hint)


def _label(brush: Brush, box: QRectF, text: str) -> None:
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(brush.paints.accent_fill)
    brush.painter.drawRoundedRect(box, 6, 6)
    brush.painter.setFont(brush.paints.font)
    brush.painter.setPen(brush.paints.on_accent)
    brush.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _ghost(brush: Brush, at: QPoint) -> None:
    """Paints the dragged cards: the first one's picture, their number, and a plus when they are copied."""
    ids = brush.host.overlay.ghost_ids
    box = QRectF(at.x() - GHOST_WIDTH / 2, at.y() - GHOST_HEIGHT / 2, GHOST_WIDTH, GHOST_HEIGHT)
    painter = brush.painter
    painter.setOpacity(0.88)
    for step in (2, 1)[2 - min(len(ids) - 1, 2) :]:
        painter.setPen(QPen(brush.paints.accent, 1))
        painter.setBrush(brush.paints.card)
        painter.drawRoundedRect(box.translated(4 * step, 4 * step), RADIUS, RADIUS)
    index = brush.scene.layout.positions.get(ids[0]) if ids else None
    if index is not None:
        look = brush.host.source.look(index, picture_size(brush.scene.lanes["clips"].height))
        size = (GHOST_WIDTH, GHOST_HEIGHT, brush.ratio)
        painter.drawPixmap(box.toRect(), brush.cache.card(f"{ids[0]} in hand", look, size, brush.paints))
    painter.setOpacity(1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(brush.paints.accent, 2))
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    _count(brush, box, len(ids))


def _lifted(brush: Brush) -> None:
    """Fades the dragged cards where they were; copies leave them as they are."""
    if brush.host.overlay.copies:
        return
    ids = set(brush.host.overlay.ghost_ids)
    for index in brush.clips:
        if brush.scene.layout.clips[index].id in ids:
            brush.painter.fillRect(card_rect(brush, index), brush.paints.outside_shade)


def _count(brush: Brush, box: QRectF, count: int) -> None:
    copies = brush.host.overlay.copies
    if count > 1:
        text = f"+{count}" if copies else str(count)
        wide = max(QFontMetrics(brush.paints.font).horizontalAdvance(text) + 12, 22)
        _label(brush, QRectF(box.right() - wide / 2, box.top() - 11, wide, 22), text)
    elif copies:
        brush.painter.setPen(Qt.PenStyle.NoPen)
        brush.painter.setBrush(brush.paints.accent_fill)
        brush.painter.drawEllipse(box.topRight(), 10, 10)
        brush.painter.drawPixmap(box.topRight() - QPointF(7, 7), sign("plus", 14, "on-accent", brush.ratio))
