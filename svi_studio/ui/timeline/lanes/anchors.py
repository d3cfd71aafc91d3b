"""The anchors: each picture where it begins to hold, and how far it reaches."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from svi_studio.document.timeline.film_layout import AnchorSpan
from svi_studio.document.timeline.scene import Scene
from svi_studio.document.words import clip_span
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.timeline.cards.parts import picture_size
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.drops import ONTO_CLIPS
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, begin_band
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.lanes.lane import NOTHING, Brush, Hit, Lane, Part
from svi_studio.ui.timeline.paints import sign

translate = QCoreApplication.translate

SLOT_SHAPE = 16 / 9
INSET = 4
LEAST_SPAN = 8
DASHES = 36
"""Pixels after which a dashed line repeats: left of the view it begins at a multiple, so that pieces fit."""


def _press(host: LaneHost, index: int, at: QPoint, keys: Modifiers) -> Gesture:
    host.film.selection.select([host.scene.layout.clips[index].id])
    return begin_band(host, index, at, keys)


def _choose_picture(host: LaneHost, index: int, _at: QPoint) -> None:
    host.picture_requested.emit(host.scene.layout.clips[index].id)


def _hint(_source: CardSource, scene: Scene, index: int) -> str:
    span = next((span for span in scene.layout.anchors_in(range(index, index + 1)) if span.stop > index), None)
    if span is None:
        return translate("Timeline", "Drop a picture here, or double click to choose one.")
    if not span.works:
        return translate(
            "Timeline", "This family uses pictures only where a clip starts fresh: make a cut here to use it."
        )
    reach = clip_span(span.first, span.stop - 1, len(scene.layout))
    if span.own:
        return translate("Timeline", "Picture of {clips}").format(clips=reach)
    return translate("Timeline", "The film's start picture, in {clips}").format(clips=reach)


ANCHOR = Part(name="anchor", of_clip=True, answers=True, press=_press, double_click=_choose_picture, hint=_hint)


def _hit(scene: Scene, x: float, _y: float) -> Hit:
    index = scene.layout.clip_at(scene.scale.frame_at(x))
    return NOTHING if index is None else Hit(ANCHOR, index)


def _paint_anchors(brush: Brush) -> None:
    """The whole lane within the brush's rectangle."""
    lane, scene = brush.scene.lanes["anchors"], brush.scene
    brush.painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), brush.paints.lane)
    clips = brush.clips
    spans = scene.layout.anchors_in(clips)
    if len(spans) * LEAST_SPAN > brush.rect.width() + 400:  # so many that only a band of colour is left of them
        left, right = scene.scale.x(0), scene.scale.x(scene.layout.frames)
        box = QRect(left, lane.top + lane.height // 2 - 2, right - left, 4)
        brush.painter.fillRect(box.intersected(brush.rect), brush.paints.line)
        return
    for span in spans:
        _paint_span(brush, span)
    _paint_free_slot(brush)


def _slot_rect(brush: Brush, first: int, stop: int) -> QRect:
    """The picture's frame at the beginning of the clips ``first`` up to ``stop``."""
    lane, scene = brush.scene.lanes["anchors"], brush.scene
    left = scene.scale.x(scene.layout.edges[first]) + INSET
    room = scene.scale.x(scene.layout.edges[stop]) - left - INSET
    height = lane.height - 2 * INSET
    return QRect(left, lane.top + INSET, max(min(int(height * SLOT_SHAPE), room), 2), height)


def _paint_span(brush: Brush, span: AnchorSpan) -> None:
    box = _slot_rect(brush, span.first, span.stop)
    end = brush.scene.scale.x(brush.scene.layout.edges[span.stop]) - INSET
    _paint_reach(brush, span, box, end)
    painter, paints = brush.painter, brush.paints
    if box.width() < 6:
        painter.fillRect(box, paints.seam)
        return
    painter.fillRect(box, paints.backdrop)
    clip_id = brush.scene.layout.clips[span.first].id
    picture = brush.host.source.reference(span.path, picture_size(box.height()), clip_id)
    if picture is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if span.works else 0.4)
        draw_cover(painter, picture, QRectF(box))
        painter.setOpacity(1.0)
    elif box.width() >= 20:
        painter.drawPixmap(box.center() - QPoint(8, 8), sign("picture", 16, "text-dim", brush.ratio))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = Qt.PenStyle.SolidLine if span.own else Qt.PenStyle.DashLine
    hovered = brush.hovered("anchor") == span.first
    painter.setPen(QPen(paints.accent if hovered else paints.seam, 1, style))
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    if not span.works:
        painter.setPen(QPen(paints.warn, 2))
        painter.drawLine(box.bottomLeft(), box.topRight())


def _paint_reach(brush: Brush, span: AnchorSpan, box: QRect, end: int) -> None:
    """A line from the picture to the last clip that it holds, with a stop at its end; and its name above."""
    painter, paints = brush.painter, brush.paints
    start, middle = box.right() + 6, brush.scene.lanes["anchors"].top + brush.scene.lanes["anchors"].height // 2
    if not span.works or end - start < 10:
        return
    painter.setPen(QPen(paints.seam, 1.5, Qt.PenStyle.SolidLine if span.own else Qt.PenStyle.DashLine))
    hidden = max(0, brush.rect.left() - start - DASHES) // DASHES * DASHES
    painter.drawLine(QPointF(start + hidden, middle), QPointF(min(end, brush.rect.right() + DASHES), middle))
    painter.drawLine(QPointF(end, middle - 5), QPointF(end, middle + 5))


def _paint_free_slot(brush: Brush) -> None:
    """Under the mouse, where a clip has no own picture: the place for one."""
    index = brush.hovered("anchor")
    if index is None or index >= len(brush.scene.layout):
        return
    if any(span.first == index for span in brush.scene.layout.anchors_in(range(index, index + 1))):
        return
    box = _slot_rect(brush, index, index + 1)
    if box.width() < 16:
        return
    brush.painter.fillRect(box, brush.paints.lane)
    brush.painter.setPen(QPen(brush.paints.accent, 1, Qt.PenStyle.DashLine))
    brush.painter.drawRect(box.adjusted(0, 0, -1, -1))
    brush.painter.drawPixmap(box.center() - QPoint(7, 7), sign("plus", 16, "accent", brush.ratio))


ANCHORS = Lane(
    name="anchors",
    title=str(QT_TRANSLATE_NOOP("Timeline", "Anchors")),
    least=34,
    roomy=46,
    hit=_hit,
    paint=_paint_anchors,
    shows_clips=True,
    drops=ONTO_CLIPS,
)
