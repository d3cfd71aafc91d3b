"""A picture with a figure of joints over it that a hand puts on the person in it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from svi_studio.document.skeleton.pose import Place, Places, Pose
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.ui.pictures.picture_view import MOVES, SIZES, PictureView
from svi_studio.ui.skeleton.pose_painter import Stretch, draw_pose
from svi_studio.ui.theme import theme

_REACH = 13.0  # logical pixels around a joint that take hold of it
_DOT = 5.0
_STEP, _LEAP = 0.003, 0.02  # of the picture's longer side
_GROWTH = 1.04


class JointView(PictureView):
    """``changed`` comes when the user moved anything; ``pointed`` carries the joint under mouse or keys, or None.

    ``ghost`` is drawn faintly under the figure: the dance as it will be.
    """

    changed = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((1, 1), "", parent)
        self.waiting = self.tr("Reading the picture…")
        self._places: list[Place | None] = []
        self._ghost: Pose | None = None
        self._joint: int | None = None
        self._held: QPointF | None = None
        self.setAccessibleName(self.tr("Joints of the person in the picture"))
        self.setAccessibleDescription(
            self.tr("Page up and page down choose a joint, arrow keys move it; plus and minus resize the figure")
        )

    @property
    def pose(self) -> Pose:
        """The figure as it is now."""
        return Pose(self.picture, tuple(self._places))

    @property
    def joint(self) -> int | None:
        """The joint under the mouse or the keys."""
        return self._joint

    def show_person(self, image: QImage, pose: Pose) -> None:
        """Shows the picture with the figure over it."""
        self.image, self.picture, self._places = image, pose.canvas, list(pose.body)
        self._joint = None
        self.update()

    def show_ghost(self, pose: Pose | None) -> None:
        """Draws another figure faintly."""
        self._ghost = pose
        self.update()

    def set_places(self, places: Places) -> None:
        """Puts all joints elsewhere."""
        self._places = list(places)
        self._tell()

    def sizeHint(self) -> QSize:
        """Large enough to see what one does."""
        return QSize(680, 440)

    def paint_over(self, painter: QPainter, room: QRectF) -> None:
        """The dance faintly, and the figure."""
        stretch = self._stretch()
        if self._ghost is not None:
            painter.setOpacity(0.45)
            draw_pose(painter, self._ghost, stretch)
            painter.setOpacity(1.0)
        draw_pose(painter, self.pose, stretch, halo=True)
        self._draw_handles(painter, stretch)

    def _draw_handles(self, painter: QPainter, stretch: Stretch) -> None:
        for number, point in enumerate(stretch.points(tuple(self._places))):
            if point is None:
                continue
            chosen = number == self._joint
            painter.setBrush(theme().colour("accent-fill") if chosen else theme().colour("on-picture", 0.9))
            painter.setPen(QPen(theme().colour("on-picture") if chosen else theme().colour("picture-backdrop"), 1.4))
            radius = _DOT + 2 if chosen else _DOT
            painter.drawEllipse(point, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of a joint, or of the whole figure."""
        if event.button() == Qt.MouseButton.LeftButton and self.image is not None:
            self._point(self._joint_at(event.position()))
            self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves what is held."""
        if self._held is None:
            self._point(self._joint_at(event.position()))
            inside = self._joint is not None or self._box().contains(event.position())
            self.setCursor(Qt.CursorShape.SizeAllCursor if inside else Qt.CursorShape.ArrowCursor)
            return
        way = (event.position() - self._held) / self._stretch().scale
        self._held = event.position()
        self._move(self._joint, way.x(), way.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Lets go."""
        self._held = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Makes the figure larger or smaller."""
        if event.angleDelta().y():
            self.grow(_GROWTH if event.angleDelta().y() > 0 else 1 / _GROWTH)
            event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Takes away a joint that the picture does not show, or brings it back."""
        self._point(self._joint_at(QPointF(event.pos())))
        self.toggle_seen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys choose a joint, arrows move it or the figure, plus and minus resize, Delete takes a joint away."""
        key = Qt.Key(event.key())
        if key in MOVES:
            step = (_LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP) * max(self.picture)
            self._move(self._joint, MOVES[key][0] * step, MOVES[key][1] * step)
        elif key in SIZES:
            self.grow(_GROWTH ** SIZES[key])
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            step = 1 if key is Qt.Key.Key_PageDown else -1
            self._point(((-1 if self._joint is None else self._joint) + step) % max(len(self._places), 1))
        elif key is Qt.Key.Key_Delete:
            self.toggle_seen()
        else:
            super().keyPressEvent(event)

    def toggle_seen(self) -> None:
        """The joint under the mouse is not in the picture, or is again, where it would be on a figure that stands."""
        if self._joint is not None:
            there = self._places[self._joint] is not None
            self._places[self._joint] = None if there else standing_figure(*self.picture)[self._joint]
            self._tell()

    def grow(self, factor: float) -> None:
        """Makes the figure ``factor`` times as large; its middle stays."""
        seen = [place for place in self._places if place is not None]
        if seen:
            x, y = (sum(axis) / len(seen) for axis in zip(*seen, strict=True))
            self._places = [each and (x + (each[0] - x) * factor, y + (each[1] - y) * factor) for each in self._places]
            self._tell()

    def _move(self, joint: int | None, x: float, y: float) -> None:
        """Moves one joint, None = all of them, by pixels of the picture."""
        chosen = range(len(self._places)) if joint is None else (joint,)
        for number in chosen:
            place = self._places[number]
            if place is not None:
                self._places[number] = (place[0] + x, place[1] + y)
        self._tell()

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _point(self, joint: int | None) -> None:
        if joint != self._joint:
            self._joint = joint
            self.update()
            self.pointed.emit(None if joint is None else Joint(joint))

    def _joint_at(self, at: QPointF) -> int | None:
        near: list[tuple[float, int]] = []
        for number, point in enumerate(self._stretch().points(tuple(self._places))):
            if point is not None:
                way = point - at
                near.append(((way.x() ** 2 + way.y() ** 2) ** 0.5, number))
        distance, number = min(near, default=(_REACH + 1, 0))
        return number if distance <= _REACH else None

    def _box(self) -> QRectF:
        """Around the figure on the screen."""
        points = [point for point in self._stretch().points(tuple(self._places)) if point is not None]
        if not points:
            return QRectF()
        left, right = min(point.x() for point in points), max(point.x() for point in points)
        top, bottom = min(point.y() for point in points), max(point.y() for point in points)
        return QRectF(left, top, right - left, bottom - top)

    def _stretch(self) -> Stretch:
        room = self.room()
        return Stretch(max(room.width() / self.picture[0], 1e-6), room.left(), room.top())
