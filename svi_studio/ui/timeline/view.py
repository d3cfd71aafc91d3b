"""The timeline under the hand: mouse, wheel, keys, drops and hints, each handed to the piece that knows about it."""

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from svi_studio.ui.timeline import drops
from svi_studio.ui.timeline.canvas import WHEEL_ZOOM, TimelineCanvas
from svi_studio.ui.timeline.card_source import CardSource
from svi_studio.ui.timeline.gestures import Gesture, Pan, gesture_for
from svi_studio.ui.timeline.hints import hint_at
from svi_studio.ui.timeline.hit import Hit, Part, hit
from svi_studio.ui.timeline.overlay import Overlay

EDGE = 36
"""Pixels from the edge within which a drag scrolls the view."""
EDGE_INTERVAL_MS = 16
_CURSORS = {
    Part.IN_HANDLE: Qt.CursorShape.SizeHorCursor,
    Part.OUT_HANDLE: Qt.CursorShape.SizeHorCursor,
    Part.PLAYHEAD: Qt.CursorShape.SizeHorCursor,
    Part.MARKER: Qt.CursorShape.PointingHandCursor,
    Part.SEAM: Qt.CursorShape.PointingHandCursor,
    Part.ADD: Qt.CursorShape.PointingHandCursor,
}


class TimelineView(TimelineCanvas):
    """Signals carry clip ids. ``marker_menu`` carries the place and the marker's index in the storyboard."""

    prompt_edit_requested = Signal(str)
    picture_requested = Signal(str)
    context_menu_requested = Signal(QPoint, object)
    marker_menu_requested = Signal(QPoint, int)
    marker_edit_requested = Signal(int)

    def __init__(self, source: CardSource, parent: QWidget | None = None) -> None:
        super().__init__(source, parent)
        self._gesture: Gesture | None = None
        self._in_hand = False
        self._at = QPoint()
        self._edge = QTimer(self)
        self._edge.setInterval(EDGE_INTERVAL_MS)
        self._edge.timeout.connect(self._scroll_at_edge)
        source.relaid.connect(self._film_relaid)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def hit_at(self, at: QPoint) -> Hit:
        """What lies at ``at``."""
        return hit(self.scene, at.x(), at.y())

    @property
    def in_hand(self) -> bool:
        """Whether the mouse is at work: then the view does not scroll to what is selected or played by itself."""
        return self._gesture is not None or self._in_hand

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, or take back the one under way when another button is pressed."""
        at = event.position().toPoint()
        if self._gesture is not None:
            self._end(cancel=True)
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._begin(Pan(self, at), at)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._in_hand = True
            self._press_left(at, event.modifiers())
            self._in_hand = False

    def _press_left(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        found = self.hit_at(at)
        self._press(found)
        gesture = gesture_for(self, found, at, keys)
        if gesture is not None:
            self._begin(gesture, at)
            if found.part is Part.RULER:
                gesture.move(at, keys)

    def _press(self, found: Hit) -> None:
        clips = self.scene.layout.clips
        if found.part is Part.SEAM:
            self.film.selection.select([clips[found.index].id])
            self.film.commands.clips.toggle_cut()
        elif found.part is Part.ADD:
            self.film.commands.clips.insert_prompts([""], len(clips))
            self._edit_current()
        elif found.part is Part.ANCHOR:
            self.film.selection.select([clips[found.index].id])

    def _begin(self, gesture: Gesture, at: QPoint) -> None:
        self._gesture, self._at = gesture, at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or tell what lies under the mouse."""
        at = event.position().toPoint()
        self._at = at
        if self._gesture is None:
            found = self.hit_at(at)
            self.set_hover(found, at.x())
            self.setCursor(_CURSORS.get(found.part, Qt.CursorShape.ArrowCursor))
            return
        self._gesture.move(at, event.modifiers())
        self._watch_edge()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        if self._gesture is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            gesture, at = self._gesture, event.position().toPoint()
            self._end()
            self._in_hand = True
            gesture.finish(at, event.modifiers())
            self._in_hand = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Prompt of a card, name of a marker, picture of an anchor; a new marker on its empty lane."""
        at = event.position().toPoint()
        found = self.hit_at(at)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._end(cancel=True)
        if found.part is Part.CARD:
            self.prompt_edit_requested.emit(self.scene.layout.clips[found.index].id)
        elif found.part is Part.MARKER:
            self.marker_edit_requested.emit(found.index)
        elif found.part is Part.MARKERS:
            self._add_marker(at)
        elif found.part is Part.ANCHOR:
            self.picture_requested.emit(self.scene.layout.clips[found.index].id)
        elif found.part in (Part.SEAM, Part.ADD):
            self.mousePressEvent(event)

    def _add_marker(self, at: QPoint) -> None:
        frame = min(self.scene.scale.nearest_frame(at.x()), self.scene.layout.frames)
        if self.scene.layout.frames and self.film.commands.markers.add(frame):
            markers = self.film.document.storyboard.markers
            self.marker_edit_requested.emit(next(i for i, marker in enumerate(markers) if marker.frame == frame))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self.set_hover(Hit(Part.EMPTY), self._at.x())
        super().leaveEvent(event)

    def _end(self, cancel: bool = False) -> None:
        gesture, self._gesture = self._gesture, None
        self._edge.stop()
        self.unsetCursor()
        if cancel and gesture is not None:
            gesture.cancel()

    def cancel_gesture(self) -> bool:
        """Take back the gesture under way; returns whether there was one."""
        if self._gesture is None:
            return False
        self._end(cancel=True)
        return True

    @Slot()
    def _film_relaid(self) -> None:
        """Clips or flags are other ones now: what was in hand may be gone."""
        self.hover = Hit(Part.EMPTY)
        if self._gesture is None:
            self.set_overlay(Overlay())
        elif not self._gesture.about_time:
            self.cancel_gesture()

    # Scrolling at the edges while dragging

    def _watch_edge(self) -> None:
        if self._gesture is not None and self._gesture.scrolls and self._pull():
            self._edge.start()
        else:
            self._edge.stop()

    def _pull(self) -> int:
        """Pixels to scroll for one tick: more the further out the mouse is."""
        if self._at.x() < EDGE:
            return -max(2, min((EDGE - self._at.x()) // 2, 40))
        out = self._at.x() - (self.width() - EDGE)
        return max(2, min(out // 2, 40)) if out > 0 else 0

    def _scroll_at_edge(self) -> None:
        before = self.scale.offset
        self.scroll_by(self._pull())
        if self._gesture is not None and self.scale.offset != before:
            self._gesture.move(self._at, _keys_now())

    # Wheel and touchpad

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Shift by pages, with Ctrl zoom at the cursor; touchpads move pixel by pixel."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turns = angle.y() / 120 if angle.y() else pixels.y() / 60
            self.zoom(WHEEL_ZOOM**turns, event.position().x())
        elif not pixels.isNull():
            self.scroll_by(-(pixels.x() or pixels.y()))
        else:
            turn = angle.x() or angle.y()
            page = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.scroll_by(-round(turn * (self.width() * 0.8 if page else 160) / 120))
        event.accept()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes a gesture back; Ctrl and Alt turn moving into copying."""
        if event.key() == Qt.Key.Key_Escape and self.cancel_gesture():
            return
        if self._gesture is not None and event.key() in _COPY_KEYS:
            self._gesture.move(self._at, _keys_now())
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Ctrl or Alt: copying turns into moving."""
        if self._gesture is not None and event.key() in _COPY_KEYS:
            self._gesture.move(self._at, _keys_now())
        super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """While something is dragged keys are no shortcuts; spreading fingers zoom; hints are made when asked for."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and self._gesture is not None and isinstance(event, QKeyEvent):
            event.accept()
            return True
        if kind == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1 + event.value(), event.position().x())
            return True
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), hint_at(self.source, self.scene, event.pos()), self)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A gesture does not outlive the window's focus."""
        if event.reason() in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.TabFocusReason):
            self.cancel_gesture()
        self.repaint_current()
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        self.repaint_current()
        super().focusInEvent(event)

    def _edit_current(self) -> None:
        if self.film.selection.current is not None:
            self.prompt_edit_requested.emit(self.film.selection.current)

    # Menus

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what lies under the mouse, or of the current clip."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._menu_by_key()
            return
        found = self.hit_at(event.pos())
        if found.part is Part.MARKER:
            self.marker_menu_requested.emit(event.globalPos(), found.index)
            return
        clip_id = None
        if found.part in (Part.CARD, Part.ANCHOR, Part.SEAM):
            clip_id = self.scene.layout.clips[found.index].id
            if clip_id not in self.film.selection.ids:
                self.film.selection.select([clip_id])
        self.context_menu_requested.emit(event.globalPos(), clip_id)

    def _menu_by_key(self) -> None:
        clip_id = self.film.selection.current
        index = self.scene.layout.positions.get(clip_id) if clip_id else None
        at = QPoint(20, self.scene.lanes.cards.top + 20)
        if index is not None:
            self.show_clip(index)
            at.setX(max(self.scene.card_span(index)[0] + 20, 20))
        self.context_menu_requested.emit(self.mapToGlobal(at), clip_id)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures and text; everything else is the window's."""
        if drops.takes(event.mimeData()) and not self.film.document.read_only:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go, in words too."""
        self._at = event.position().toPoint()
        place = drops.place_of(event.mimeData(), self.scene, self._at)
        self.set_overlay(Overlay(drop=place, drop_hint=drops.hint_for(event.mimeData(), self.scene, place)))
        if pull := self._pull():
            self.scroll_by(pull)
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        self.set_overlay(Overlay())

    def dropEvent(self, event: QDropEvent) -> None:
        """Do it."""
        place = drops.place_of(event.mimeData(), self.scene, event.position().toPoint())
        self.set_overlay(Overlay())
        drops.drop(self.film, event.mimeData(), place)
        event.acceptProposedAction()


_COPY_KEYS = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr)


def _keys_now() -> Qt.KeyboardModifier:
    return QGuiApplication.queryKeyboardModifiers()
