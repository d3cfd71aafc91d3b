"""The ruler: time itself, the playhead, the range between in and out."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPen, QPolygonF

from svi_studio.document.timeline.scene import Scene
from svi_studio.document.timeline.time_ruler import ruler_steps, ticks
from svi_studio.domain.film.timecode import timecode
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay
from svi_studio.ui.timeline.lanes.lane import Brush, Hit, Lane, Part

HANDLE_REACH = 7
LABEL_SPACE = 18


class _Scrub(Gesture):
    """Moves the playhead along the ruler."""

    about_time = True

    def move(self, at: QPoint, keys: Modifiers) -> None:
        scene, playhead = self.host.scene, self.host.film.playhead
        held = self.snapped(at.x(), playhead=False)
        frame = held.frame if held.guide is not None else max(0, int(scene.scale.frame_at(at.x())))
        self.host.set_overlay(Overlay(guide=held.guide))
        playhead.set_rate(0)
        playhead.set_frame(frame)


class _Trim(Gesture):
    """Moves the in or the out point."""

    about_time = True

    def __init__(self, host: LaneHost, moves_in: bool) -> None:
        super().__init__(host)
        self._moves_in = moves_in
        self._before = host.film.playhead.in_frame, host.film.playhead.out_frame

    def move(self, at: QPoint, keys: Modifiers) -> None:
        held = self.snapped(at.x())
        self.host.set_overlay(Overlay(guide=held.guide))
        if self._moves_in:
            self.host.film.playhead.set_in(held.frame)
        else:
            self.host.film.playhead.set_out(max(held.frame - 1, 0))

    def cancel(self) -> None:
        super().cancel()
        playhead = self.host.film.playhead
        playhead.clear_range()
        playhead.set_in(self._before[0])
        playhead.set_out(self._before[1])


def _scrub_from(host: LaneHost, _index: int, at: QPoint, keys: Modifiers) -> Gesture:
    """The playhead comes to the mouse at once; taken by its handle it moves with it."""
    gesture = _Scrub(host)
    gesture.move(at, keys)
    return gesture


_SIDEWAYS = Qt.CursorShape.SizeHorCursor
TIME = Part(name="time", press=_scrub_from)
PLAYHEAD = Part(name="playhead", cursor=_SIDEWAYS, press=lambda host, _index, _at, _keys: _Scrub(host))
IN_HANDLE = Part(name="in", cursor=_SIDEWAYS, press=lambda host, _index, _at, _keys: _Trim(host, True))
OUT_HANDLE = Part(name="out", cursor=_SIDEWAYS, press=lambda host, _index, _at, _keys: _Trim(host, False))


def _hit(scene: Scene, x: float, _y: float) -> Hit:
    handles = ((PLAYHEAD, scene.playhead), (IN_HANDLE, scene.in_frame), (OUT_HANDLE, scene.out_frame))
    for part, frame in handles:
        if frame is not None and abs(scene.scale.x(frame) - x) <= HANDLE_REACH:
            return Hit(part)
    return Hit(TIME)


def _label_width(brush: Brush) -> int:
    """Pixels from one label of the ruler to the next, at least."""
    longest = timecode(brush.scene.layout.frames, brush.scene.layout.fps)
    return len(longest) * brush.paints.digit_width + LABEL_SPACE


def _paint_ruler(brush: Brush) -> None:
    """Lines and labels over the whole width; what comes after the film is dimmer."""
    painter, lane, paints, scene = brush.painter, brush.scene.lanes["ruler"], brush.paints, brush.scene
    painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), paints.ruler)
    painter.setFont(paints.small)
    steps = ruler_steps(scene.scale.pixels_per_frame, scene.layout.fps, _label_width(brush))
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


def _paint_above(brush: Brush) -> None:
    _paint_range(brush)
    _paint_playhead(brush)


def _paint_range(brush: Brush) -> None:
    """The range between in and out: a band on the ruler, everything outside of it a little darker."""
    scene, painter = brush.scene, brush.painter
    if scene.in_frame is None and scene.out_frame is None:
        return
    left = scene.scale.x(scene.in_frame or 0)
    right = scene.scale.x(scene.out_frame + 1 if scene.out_frame is not None else scene.layout.frames)
    lane = scene.lanes["ruler"]
    painter.fillRect(QRect(left, lane.bottom - 6, right - left, 5), brush.paints.range)
    painter.fillRect(QRect(left, lane.top, right - left, lane.height - 6), brush.paints.range_shade)
    below = lane.bottom
    start, end = scene.scale.x(0), scene.scale.x(scene.layout.frames)
    painter.fillRect(QRect(start, below, left - start, brush.host.height() - below), brush.paints.outside_shade)
    painter.fillRect(QRect(right, below, end - right, brush.host.height() - below), brush.paints.outside_shade)
    for frame, x, side in ((scene.in_frame, left, 1), (scene.out_frame, right, -1)):
        if frame is not None:
            painter.setPen(QPen(brush.paints.range, 2))
            path = [QPointF(x + 5 * side, lane.top + 4), QPointF(x, lane.top + 4), QPointF(x, lane.bottom - 2)]
            painter.drawPolyline(QPolygonF(path))


def _paint_playhead(brush: Brush) -> None:
    """A line through all lanes with a handle on the ruler; when zoomed in, the frame that it stands on is tinted."""
    scene, painter, paints = brush.scene, brush.painter, brush.paints
    x = scene.scale.x(scene.playhead)
    wide = scene.scale.x(scene.playhead + 1) - x
    if x > brush.rect.right() + 10 or x + wide < brush.rect.left() - 10 or not scene.layout.frames:
        return
    if wide >= 4:
        tint = paints.playhead.lighter(100)
        tint.setAlphaF(0.16)
        painter.fillRect(QRect(x, scene.lanes["ruler"].bottom, wide, brush.host.height()), tint)
    painter.fillRect(QRect(x, scene.lanes["ruler"].bottom - 8, 1, brush.host.height()), paints.playhead)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paints.playhead)
    top, bottom = scene.lanes["ruler"].bottom - 17, scene.lanes["ruler"].bottom
    shape = [(x - 5.5, top), (x + 6.5, top), (x + 6.5, bottom - 8), (x + 0.5, bottom - 1), (x - 5.5, bottom - 8)]
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in shape]))


def playhead_rect(x: int, wide: int, height: int) -> QRect:
    """The pixels that the playhead at ``x`` covers, whose frame is ``wide`` pixels wide."""
    return QRect(x - 8, 0, 17 + max(wide, 0), height)


RULER = Lane(
    name="ruler",
    title=str(QT_TRANSLATE_NOOP("Timeline", "Time")),
    least=28,
    gap=0,
    hit=_hit,
    paint=_paint_ruler,
    paint_above=_paint_above,
)
