"""The timeline under the hand: mouse, wheel, keys, drops and hints, each handed to the piece that knows about it."""

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Slot
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

from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, begin_pan
from svi_studio.ui.timeline.hand.lane_host import Overlay
from svi_studio.ui.timeline.hand.piece_keys import do_to_piece, is_for_piece
from svi_studio.ui.timeline.lanes.all_lanes import drops_at, hit
from svi_studio.ui.timeline.lanes.lane import NOTHING, Hit
from svi_studio.ui.timeline.surface.canvas import TimelineCanvas

EDGE = 36
"""Pixels from the edge within which a drag scrolls the view."""
EDGE_INTERVAL_MS = 16
WHEEL_ZOOM = 1.25
_COPY_KEYS = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr)


class TimelineView(TimelineCanvas):
    """Hands each event to the gesture under way, or to the part of the lane under the mouse."""

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
        """Whether a gesture or a drag is under way: then the view does not scroll by itself."""
        return self._gesture is not None or self._in_hand

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins a gesture, or takes back the one under way when another button is pressed."""
        if self.cancel_gesture():
            return
        at = self._at = event.position().toPoint()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._gesture = begin_pan(self, at)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._in_hand = True
            found = self.hit_at(at)
            self._gesture = found.part.press(self, found.index, at, event.modifiers())
            self._in_hand = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on with the gesture, or tells what lies under the mouse."""
        at = event.position().toPoint()
        self._at = at
        if self._gesture is None:
            found = self.hit_at(at)
            self.set_hover(found, at.x())
            self.setCursor(found.part.cursor)
            return
        self._gesture.move(at, event.modifiers())
        self._watch_edge()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends the gesture."""
        if self._gesture is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            gesture, at = self._gesture, event.position().toPoint()
            self._end()
            self._in_hand = True
            gesture.finish(at, event.modifiers())
            self._in_hand = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Does what the part under the mouse does then; the first press began a gesture, which is taken back."""
        at = event.position().toPoint()
        found = self.hit_at(at)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._end(cancel=True)
        if found.part.double_click is not None:
            found.part.double_click(self, found.index, at)
        elif found.part.at_once:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forgets what was under the mouse."""
        self.set_hover(NOTHING, self._at.x())
        super().leaveEvent(event)

    def _end(self, cancel: bool = False) -> None:
        gesture, self._gesture = self._gesture, None
        self._edge.stop()
        self.unsetCursor()
        if cancel and gesture is not None:
            gesture.cancel()

    def cancel_gesture(self) -> bool:
        """Takes back the gesture under way; returns whether there was one."""
        if self._gesture is None:
            return False
        self._end(cancel=True)
        return True

    @Slot()
    def _film_relaid(self) -> None:
        """Cancels a gesture after the film's layout changed, as what it holds may be gone."""
        self.hover = NOTHING
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
            self._gesture.move(self._at, QGuiApplication.queryKeyboardModifiers())

    # Wheel and touchpad

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls, with Shift by pages; zooms at the cursor with Ctrl; touchpads move pixel by pixel."""
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
        escaped = event.key() == Qt.Key.Key_Escape and self.cancel_gesture()
        if not escaped and not self._told_gesture(event) and not do_to_piece(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lets go of Ctrl or Alt: copying turns into moving."""
        self._told_gesture(event)
        super().keyReleaseEvent(event)

    def _told_gesture(self, event: QKeyEvent) -> bool:
        if self._gesture is None or event.key() not in _COPY_KEYS:
            return False
        self._gesture.move(self._at, QGuiApplication.queryKeyboardModifiers())
        return True

    def event(self, event: QEvent) -> bool:
        """While something is dragged keys are no shortcuts; spreading fingers zoom; hints are made when asked for."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants_key(event):
            event.accept()
            return True
        if kind == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1 + event.value(), event.position().x())
            return True
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.hit_at(event.pos())
            tell = found.part.hint
            words = "" if tell is None else tell(self.source, self.scene, found.index)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _wants_key(self, event: QKeyEvent) -> bool:
        """Whether a key is for the gesture under way, or for the chosen piece of a track, and no shortcut."""
        return self._gesture is not None or is_for_piece(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes back the gesture when the window loses the focus."""
        if event.reason() in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.TabFocusReason):
            self.cancel_gesture()
        self.repaint_current()
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows where the focus is."""
        self.repaint_current()
        super().focusInEvent(event)

    # Menus

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of what lies under the mouse, or of the current clip."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._menu_by_key()
            return
        found = self.hit_at(event.pos())
        if found.part.menu is not None:
            found.part.menu(self, found.index, event.globalPos())
            return
        clip_id = None
        if found.part.of_clip:
            clip_id = self.scene.layout.clips[found.index].id
            if clip_id not in self.film.selection.ids:
                self.film.selection.select([clip_id])
        self.context_menu_requested.emit(event.globalPos(), clip_id)

    def _menu_by_key(self) -> None:
        clip_id = self.film.selection.current
        index = self.scene.layout.positions.get(clip_id) if clip_id else None
        at = QPoint(20, self.scene.lanes["clips"].top + 20)
        if index is not None:
            self.show_clip(index)
            at.setX(max(self.scene.card_span(index)[0] + 20, 20))
        self.context_menu_requested.emit(self.mapToGlobal(at), clip_id)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes what any lane has a use for; everything else is the window's."""
        wanted = any(drops_at(self.scene, box.top, event.mimeData()) for box in self.scene.lanes.values())
        if wanted and not self.film.document.read_only:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Shows where it would go, in words too."""
        self._at, mime = event.position().toPoint(), event.mimeData()
        drops = drops_at(self.scene, event.position().y(), mime)
        if drops is None:
            self.set_overlay(Overlay())
            event.ignore()
        else:
            place = drops.place_of(mime, self.scene, self._at)
            self.set_overlay(Overlay(drop=place, drop_hint=drops.hint(mime, self.scene, place)))
            event.acceptProposedAction()
        if pull := self._pull():
            self.scroll_by(pull)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Shows nothing more of it: it goes elsewhere."""
        self.set_overlay(Overlay())

    def dropEvent(self, event: QDropEvent) -> None:
        """Lets the lane under the mouse do what it showed."""
        self.set_overlay(Overlay())
        mime = event.mimeData()
        drops = drops_at(self.scene, event.position().y(), mime)
        if drops is not None:
            drops.drop(self.film, mime, drops.place_of(mime, self.scene, event.position().toPoint()))
            event.acceptProposedAction()
