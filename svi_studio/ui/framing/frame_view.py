"""A whole picture with the film's frame over it: dragged, made smaller and larger by its corners, or by keys."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from svi_studio.domain.pictures.frame_moves import moved, resized
from svi_studio.domain.pictures.picture_look import Box, PictureLook, Size
from svi_studio.ui.pictures.picture_view import MOVES, SIZES, PictureView
from svi_studio.ui.theme import theme

_HANDLE = 12.0  # logical pixels: the side of a corner's handle
_REACH = 14.0
_STEP, _LEAP = 0.01, 0.1  # of the picture's longer side
_CORNERS: Final = ((0, 0), (1, 0), (0, 1), (1, 1))


class FrameView(PictureView):
    """``changed`` comes when the user moved the frame. All boxes are in pixels of the whole, upright picture."""

    changed = Signal()

    def __init__(self, film: Size, parent: QWidget | None = None) -> None:
        super().__init__(film, "", parent)
        self.waiting = self.tr("Reading the picture…")
        self._film = film
        self._box: Box = (0, 0, *film)
        self._squeezed = False
        self._corner: tuple[int, int] | None = None
        self._grip: QPointF | None = None
        self.setAccessibleName(self.tr("Frame of the film"))
        self.setAccessibleDescription(self.tr("Arrow keys move the frame, plus and minus make it larger and smaller"))

    def show_picture(self, image: QImage, picture: Size, crop: Box | None) -> None:
        """Shows ``image``, a small copy of a picture of that size, with the frame on ``crop``, None = in its middle."""
        self.image, self.picture = image, picture
        self._box = PictureLook(self._film, crop).box(picture) or (0, 0, *picture)
        self.update()

    @property
    def box(self) -> Box:
        """The part of the picture in the frame."""
        return self._box

    def set_box(self, box: Box) -> None:
        """Moves the frame to ``box``."""
        if box != self._box:
            self._box = box
            self.update()
            self.changed.emit()

    def set_middle(self) -> None:
        """Sets the largest frame, in the middle of the picture."""
        self.set_box(PictureLook(self._film).box(self.picture) or (0, 0, *self.picture))

    def set_squeezed(self, squeezed: bool) -> None:
        """Whether all of the picture is used, so that there is no frame to move."""
        self._squeezed = squeezed
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if squeezed else Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        """Large enough to see what one does."""
        return QSize(640, 420)

    def paint_over(self, painter: QPainter, room: QRectF) -> None:
        """The frame; what is not filmed is dimmed."""
        if not self._squeezed:
            self._draw_frame(painter, room, self._to_screen(room))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of a corner, or of the frame."""
        if event.button() != Qt.MouseButton.LeftButton or self._squeezed or self.image is None:
            return
        frame = self._to_screen(self.room())
        self._corner = self._corner_at(event.position(), frame)
        if self._corner is not None or frame.contains(event.position()):
            self._grip = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves what is held."""
        if self._grip is None:
            self._show_cursor(event.position())
            return
        scale = self.picture[0] / self.room().width()
        way = (event.position() - self._grip) * scale
        if self._corner is None:
            new = moved(self._box, way.x(), way.y(), self.picture)
        else:
            new = self._pulled(self._corner, way)
        if new != self._box:
            self._grip = event.position()
            self.set_box(new)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Lets go."""
        self._grip = self._corner = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Larger and smaller around the middle of the frame."""
        if not self._squeezed and event.angleDelta().y():
            self._grow(1 if event.angleDelta().y() > 0 else -1, _STEP * 3)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, plus and minus resize, Home centres; with Shift in larger steps."""
        key = Qt.Key(event.key())
        step = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        if self._squeezed or self.image is None:
            super().keyPressEvent(event)
        elif key in MOVES:
            across, down = MOVES[key]
            length = max(1.0, step * max(self.picture))
            self.set_box(moved(self._box, across * length, down * length, self.picture))
        elif key in SIZES:
            self._grow(SIZES[key], _STEP * 2)
        elif key == Qt.Key.Key_Home:
            self.set_middle()
        else:
            super().keyPressEvent(event)

    def _grow(self, direction: int, step: float) -> None:
        width = self._box[2] - self._box[0]
        more = max(1.0, step * max(self.picture)) * direction
        self.set_box(resized(self._box, width + more, self.picture, self._film))

    def _pulled(self, corner: tuple[int, int], way: QPointF) -> Box:
        """The frame with one corner pulled that far; the corner across from it stays."""
        outward = (way.x() if corner[0] else -way.x(), way.y() if corner[1] else -way.y())
        more = max(outward[0], outward[1] * self._film[0] / self._film[1], key=abs)
        fixed = (1 - corner[0], 1 - corner[1])
        return resized(self._box, self._box[2] - self._box[0] + more, self.picture, self._film, fixed)

    def _to_screen(self, room: QRectF) -> QRectF:
        scale = room.width() / self.picture[0]
        left, top, right, bottom = self._box
        return QRectF(room.x() + left * scale, room.y() + top * scale, (right - left) * scale, (bottom - top) * scale)

    def _corner_at(self, at: QPointF, frame: QRectF) -> tuple[int, int] | None:
        for corner in _CORNERS:
            place = _place(frame, corner)
            if abs(place.x() - at.x()) <= _REACH and abs(place.y() - at.y()) <= _REACH:
                return corner
        return None

    def _show_cursor(self, at: QPointF) -> None:
        frame = self._to_screen(self.room())
        corner = None if self._squeezed else self._corner_at(at, frame)
        shape = Qt.CursorShape.ArrowCursor
        if corner is not None:
            falling = corner[0] == corner[1]
            shape = Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor
        elif not self._squeezed and frame.contains(at):
            shape = Qt.CursorShape.SizeAllCursor
        self.setCursor(shape)

    def _draw_frame(self, painter: QPainter, room: QRectF, frame: QRectF) -> None:
        shade = theme().colour("picture-backdrop", 0.66)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # or the parts would have seams
        for part in _around(room, frame):
            painter.fillRect(part, shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("on-picture"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        painter.setPen(QPen(theme().colour("on-picture", 0.35), 1))
        for third in (1, 2):
            x, y = frame.x() + frame.width() * third / 3, frame.y() + frame.height() * third / 3
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        painter.setPen(QPen(theme().colour("picture-backdrop"), 1))
        painter.setBrush(theme().colour("accent-fill") if self.hasFocus() else theme().colour("on-picture"))
        for corner in _CORNERS:
            handle = QRectF(0, 0, _HANDLE, _HANDLE)
            handle.moveCenter(_place(frame, corner))
            painter.drawRoundedRect(handle, 3, 3)


def _place(frame: QRectF, corner: tuple[int, int]) -> QPointF:
    return QPointF(frame.x() + corner[0] * frame.width(), frame.y() + corner[1] * frame.height())


def _around(room: QRectF, frame: QRectF) -> tuple[QRectF, ...]:
    """The four parts of ``room`` outside ``frame``."""
    return (
        QRectF(room.left(), room.top(), room.width(), frame.top() - room.top()),
        QRectF(room.left(), frame.bottom(), room.width(), room.bottom() - frame.bottom()),
        QRectF(room.left(), frame.top(), frame.left() - room.left(), frame.height()),
        QRectF(frame.right(), frame.top(), room.right() - frame.right(), frame.height()),
    )
