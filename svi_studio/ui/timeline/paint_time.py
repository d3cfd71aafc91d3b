"""Paints time itself: ruler, in and out range, markers, playhead."""

from bisect import bisect_left

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPen, QPolygonF

from svi_studio.domain.timecode import timecode
from svi_studio.domain.visible_text import visible
from svi_studio.ui.timeline.brush import Brush
from svi_studio.ui.timeline.hit import Part
from svi_studio.ui.timeline.time_ruler import ruler_steps, ticks

LABEL_SPACE = 18
SHOWS_LABEL = 26
MARKER_SPACE = 5


def label_width(brush: Brush) -> int:
    """Pixels from one label of the ruler to the next, at least."""
    longest = timecode(brush.scene.layout.frames, brush.scene.layout.fps)
    return len(longest) * brush.paints.digit_width + LABEL_SPACE


def paint_ruler(brush: Brush) -> None:
    """Lines and labels over the whole width; what comes after the film is dimmer."""
    painter, lane, paints, scene = brush.painter, brush.scene.lanes.ruler, brush.paints, brush.scene
    painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), paints.ruler)
    painter.setFont(paints.small)
    steps = ruler_steps(scene.scale.pixels_per_frame, scene.layout.fps, label_width(brush))
    last = scene.scale.frame_at(brush.rect.right() + 1)
    for tick in ticks(scene.scale.frame_at(brush.rect.left()), last, steps, scene.layout.fps):
        x = scene.scale.x(tick.frame)
        within = tick.frame <= scene.layout.frames
        painter.setPen((paints.seam if tick.label else paints.line) if within else paints.faint)
        painter.drawLine(x, lane.bottom - (9 if tick.label else 5), x, lane.bottom - 1)
        if tick.label:
            painter.setPen(paints.dim if within else paints.off)
            painter.drawText(QPointF(x + 4, lane.bottom - 11), tick.label)
    painter.setPen(paints.line)
    painter.drawLine(brush.rect.left(), lane.bottom - 1, brush.rect.right(), lane.bottom - 1)


def paint_range(brush: Brush) -> None:
    """The range between in and out: a band on the ruler, everything outside of it a little darker."""
    scene, painter = brush.scene, brush.painter
    if scene.in_frame is None and scene.out_frame is None:
        return
    left = scene.scale.x(scene.in_frame or 0)
    right = scene.scale.x(scene.out_frame + 1 if scene.out_frame is not None else scene.layout.frames)
    lane = scene.lanes.ruler
    painter.fillRect(QRect(left, lane.bottom - 6, right - left, 5), brush.paints.range)
    painter.fillRect(QRect(left, lane.top, right - left, lane.height - 6), brush.paints.range_shade)
    below = scene.lanes.markers.top
    start, end = scene.scale.x(0), scene.scale.x(scene.layout.frames)
    painter.fillRect(QRect(start, below, left - start, brush.height - below), brush.paints.outside_shade)
    painter.fillRect(QRect(right, below, end - right, brush.height - below), brush.paints.outside_shade)
    for frame, x, side in ((scene.in_frame, left, 1), (scene.out_frame, right, -1)):
        if frame is not None:
            _bracket(brush, x, side)


def _bracket(brush: Brush, x: int, side: int) -> None:
    lane = brush.scene.lanes.ruler
    brush.painter.setPen(QPen(brush.paints.range, 2))
    path = [QPointF(x + 5 * side, lane.top + 4), QPointF(x, lane.top + 4), QPointF(x, lane.bottom - 2)]
    brush.painter.drawPolyline(QPolygonF(path))


def paint_markers(brush: Brush) -> None:
    """Flags with names; a name ends where the next flag begins."""
    painter, lane, scene = brush.painter, brush.scene.lanes.markers, brush.scene
    painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), brush.paints.lane)
    markers = brush.source.film.document.storyboard.markers
    first = bisect_left(scene.markers, (int(scene.scale.frame_at(brush.rect.left() - 400)), -1))
    painter.setFont(brush.paints.small)
    free_from = -(2**30)
    for place in range(first, len(scene.markers)):
        frame, index = scene.markers[place]
        x = scene.scale.x(frame)
        if x > brush.rect.right() + 2:
            break
        if x < free_from:
            continue  # so far away that flags would lie on each other: the first of them stands for all
        free_from = x + MARKER_SPACE
        after = scene.scale.x(scene.markers[place + 1][0]) if place + 1 < len(scene.markers) else x + 400
        _flag(brush, x, after - x, markers[index].label, brush.hover.part is Part.MARKER and brush.hover.index == index)


def _flag(brush: Brush, x: int, room: int, label: str, hovered: bool) -> None:
    painter, lane, paints = brush.painter, brush.scene.lanes.markers, brush.paints
    top, base = lane.top + 3, lane.bottom
    painter.setPen(QPen(paints.marker, 1))
    painter.drawLine(x, top, x, base)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paints.marker.lighter(125) if hovered else paints.marker)
    wide = min(11, max(room - 1, 3))
    shape = [(x, top), (x + wide, top), (x + wide - 3, top + 4.5), (x + wide, top + 9), (x, top + 9)]
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in shape]))
    space = min(room - 18, 240)
    if space >= SHOWS_LABEL and label:
        painter.setPen(paints.text)
        text = QFontMetrics(paints.small).elidedText(
            visible(" ".join(label.split())), Qt.TextElideMode.ElideRight, space
        )
        painter.drawText(QRectF(x + 15, lane.top, space, lane.height), Qt.AlignmentFlag.AlignVCenter, text)


def paint_playhead(brush: Brush) -> None:
    """A line through all lanes with a handle on the ruler; when zoomed in, the frame that it stands on is tinted."""
    scene, painter, paints = brush.scene, brush.painter, brush.paints
    x = scene.scale.x(scene.playhead)
    wide = scene.scale.x(scene.playhead + 1) - x
    if x > brush.rect.right() + 10 or x + wide < brush.rect.left() - 10 or not scene.layout.frames:
        return
    if wide >= 4:
        tint = paints.playhead.lighter(100)
        tint.setAlphaF(0.16)
        painter.fillRect(QRect(x, scene.lanes.ruler.bottom, wide, brush.height), tint)
    painter.fillRect(QRect(x, scene.lanes.ruler.bottom - 8, 1, brush.height), paints.playhead)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paints.playhead)
    top, bottom = scene.lanes.ruler.bottom - 17, scene.lanes.ruler.bottom
    shape = [(x - 5.5, top), (x + 6.5, top), (x + 6.5, bottom - 8), (x + 0.5, bottom - 1), (x - 5.5, bottom - 8)]
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in shape]))


def playhead_rect(x: int, wide: int, height: int) -> QRect:
    """The pixels that the playhead at ``x`` covers, whose frame is ``wide`` pixels wide."""
    return QRect(x - 8, 0, 17 + max(wide, 0), height)
