"""The markers: flags with names."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPen, QPolygonF

from svi_studio.document.timeline.scene import Scene
from svi_studio.domain.visible_text import visible
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.icons import icon
from svi_studio.ui.timecode import timecode
from svi_studio.ui.timeline.cards.in_words import plain_tip
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, is_far
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.hand.overlay import Overlay
from svi_studio.ui.timeline.lanes.brush import Brush
from svi_studio.ui.timeline.lanes.lane import Lane
from svi_studio.ui.timeline.lanes.marker_name import FLAG_WIDTH, MarkerName
from svi_studio.ui.timeline.lanes.part import Hit, Part

translate = QCoreApplication.translate

SHOWS_LABEL = 26
MARKER_SPACE = 5
_POLE_REACH = 3.5
"""Pixels to the left of a flag that belong to it."""


class _MoveMarker(Gesture):
    """Carries a flag along; it stands at its new place when it is let go."""

    def __init__(self, host: LaneHost, place: int, at: QPoint) -> None:
        super().__init__(host)
        self._place, self._from = place, at
        self._frame: int | None = None

    def move(self, at: QPoint, keys: Modifiers) -> None:
        if self._frame is None and not is_far(self._from, at):
            return
        held = self.snapped(at.x(), marker=self._place)
        self._frame = held.frame
        self.host.set_overlay(Overlay(guide=held.guide, marker=(self._place, held.frame)))

    def finish(self, at: QPoint, keys: Modifiers) -> None:
        super().finish(at, keys)
        film = self.host.film
        if self._frame is not None:
            film.commands.move_marker(self._place, self._frame)
        else:
            film.playhead.set_frame(film.document.storyboard.markers[self._place].frame)


def name_marker(host: LaneHost, place: int) -> None:
    """Let the marker ``place`` of the storyboard be named where it stands."""
    if not host.film.document.read_only:
        MarkerName(host, place)


def _add_marker(host: LaneHost, _index: int, at: QPoint) -> None:
    frame = min(host.scene.scale.nearest_frame(at.x()), host.scene.layout.frames)
    if host.scene.layout.frames and host.film.commands.add_marker(frame):
        markers = host.film.document.storyboard.markers
        name_marker(host, next(place for place, marker in enumerate(markers) if marker.frame == frame))


def _show_menu(host: LaneHost, place: int, at: QPoint) -> None:
    menu = KeyMenu(host)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(icon("text"), translate("Timeline", "Rename the marker"), lambda: name_marker(host, place))
    remove = host.film.commands.remove_marker
    menu.addAction(icon("trash"), translate("Timeline", "Remove the marker"), lambda: remove(place))
    menu.setEnabled(not host.film.document.read_only)
    menu.popup(at)


def _hint(source: CardSource, scene: Scene, place: int) -> str:
    marker = source.film.document.storyboard.markers[place]
    return plain_tip(timecode(marker.frame, scene.layout.fps), marker.label)


MARKER = Part(
    name="marker",
    cursor=Qt.CursorShape.PointingHandCursor,
    answers=True,
    press=lambda host, place, at, _keys: _MoveMarker(host, place, at),
    double_click=lambda host, place, _at: name_marker(host, place),
    hint=_hint,
    menu=_show_menu,
)
NO_MARKER = Part(name="no marker", double_click=_add_marker)


def _hit(scene: Scene, x: float, _y: float) -> Hit:
    frame = scene.scale.frame_at(x)
    place = bisect_right(scene.markers, (frame + _POLE_REACH / scene.scale.pixels_per_frame, 2**31)) - 1
    if place >= 0 and x - scene.scale.x(scene.markers[place][0]) <= FLAG_WIDTH:
        return Hit(MARKER, scene.markers[place][1])
    return Hit(NO_MARKER)


def _paint_markers(brush: Brush) -> None:
    """Flags with names; a name ends where the next flag begins."""
    painter, lane, scene = brush.painter, brush.scene.lanes["markers"], brush.scene
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
        _flag(brush, x, after - x, markers[index].label, brush.hovered("marker") == index)


def _flag(brush: Brush, x: int, room: int, label: str, hovered: bool) -> None:
    painter, lane, paints = brush.painter, brush.scene.lanes["markers"], brush.paints
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


MARKERS = Lane(
    name="markers",
    title=str(QT_TRANSLATE_NOOP("Timeline", "Markers")),
    least=19,
    hit=_hit,
    paint=_paint_markers,
)
