"""The markers: flags with names."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit

from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.timeline.scene import Scene
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.theme.icons import icon
from svi_studio.ui.timeline.cards.in_words import plain_tip
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, is_far
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay
from svi_studio.ui.timeline.lanes.lane import Brush, Hit, Lane, Part

translate = QCoreApplication.translate

FLAG_WIDTH = 13
NAME_WIDTH = 180
MAX_NAME = 200
SHOWS_LABEL = 26
MARKER_SPACE = 5
_POLE_REACH = 3.5
"""Pixels to the left of a flag that belong to it."""


class _MarkerName(QLineEdit):
    """Enter or a click elsewhere keeps the name, Esc does not. The field goes when it is done."""

    def __init__(self, host: LaneHost, place: int) -> None:
        super().__init__(host)
        self._host, self._place, self._done = host, place, False
        self._markers = host.film.document.storyboard.markers
        marker = self._markers[place]
        host.show_frame(marker.frame)
        self.setText(marker.label)
        self.setMaxLength(MAX_NAME)
        self.setPlaceholderText(translate("Timeline", "Name of the marker"))
        self.setAccessibleName(translate("Timeline", "Name of the marker"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lane = host.scene.lanes["markers"]
        left = min(max(host.scene.scale.x(marker.frame) + FLAG_WIDTH, 0), max(host.width() - NAME_WIDTH, 0))
        self.setStyleSheet("padding: 0 4px; min-height: 0;")
        self.setGeometry(QRect(left, lane.top - 2, NAME_WIDTH, lane.height + 4))
        self.selectAll()
        self.show()
        self.setFocus()
        self.returnPressed.connect(self._keep)
        host.scale_changed.connect(self._keep)
        host.film.document.changed.connect(self._drop)

    def _keep(self) -> None:
        if not self._done:
            self._done = True
            others = self._host.film.document.storyboard.markers
            if others is self._markers and self.text() != self._markers[self._place].label:
                self._host.film.commands.markers.rename(self._place, self.text())
            self._close()

    def _drop(self, change: StoryboardChange | None = None) -> None:
        if not self._done and (change is None or change.markers):
            self._done = True
            self._close()

    def _close(self) -> None:
        if self.hasFocus():
            self._host.setFocus()
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._drop()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()


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
            film.commands.markers.move(self._place, self._frame)
        else:
            film.playhead.set_frame(film.document.storyboard.markers[self._place].frame)


def name_marker(host: LaneHost, place: int) -> None:
    """Lets the marker ``place`` of the storyboard be named where it stands."""
    if not host.film.document.read_only:
        _MarkerName(host, place)


def _add_marker(host: LaneHost, _index: int, at: QPoint) -> None:
    frame = min(host.scene.scale.nearest_frame(at.x()), host.scene.layout.frames)
    if host.scene.layout.frames and host.film.commands.markers.add(frame):
        markers = host.film.document.storyboard.markers
        name_marker(host, next(place for place, marker in enumerate(markers) if marker.frame == frame))


def _show_menu(host: LaneHost, place: int, at: QPoint) -> None:
    menu = KeyMenu(host)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(icon("text"), translate("Timeline", "Rename the marker"), lambda: name_marker(host, place))
    remove = host.film.commands.markers.remove
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
    markers = brush.host.source.film.document.storyboard.markers
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
