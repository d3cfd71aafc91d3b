"""Draws one frame of a skeleton: in the colours that the model sees, or small and plain for a lane."""

from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from svi_studio.document.skeleton.pose import Places, Pose
from svi_studio.domain.poses.film_place import Size, film_place
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.limbs import FINGER_COLOURS, FINGERS, HAND_JOINT_COLOUR, JOINT_COLOURS, LIMBS, limb_colour

DRAWN_SHORT_SIDE = 550
"""The short side of the canvas on which limbs are 8 and joints 8 pixels wide for the model."""
_LEAST_WIDTH = 1.6
_JOINTS = [QColor(*colour) for colour in JOINT_COLOURS]
_LIMBS = [QColor(*limb_colour(limb)) for limb in range(len(LIMBS))]
_FINGERS = [QColor(*(round(level) for level in colour)) for colour in FINGER_COLOURS]
_HAND_JOINT = QColor(*HAND_JOINT_COLOUR)
_LEFT = frozenset(joint for joint in Joint if joint.name.startswith("LEFT"))
_PLAIN = (
    *((Joint.NECK, Joint.RIGHT_SHOULDER), (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW)),
    *((Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST), (Joint.RIGHT_HIP, Joint.RIGHT_KNEE)),
    *((Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE), (Joint.RIGHT_ANKLE, Joint.RIGHT_TOES)),
    *((Joint.NECK, Joint.LEFT_SHOULDER), (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW)),
    *((Joint.LEFT_ELBOW, Joint.LEFT_WRIST), (Joint.LEFT_HIP, Joint.LEFT_KNEE)),
    *((Joint.LEFT_KNEE, Joint.LEFT_ANKLE), (Joint.LEFT_ANKLE, Joint.LEFT_TOES)),
)
"""The lines of a small figure, which has a spine and a head beside them."""
_HALO = QColor(0, 0, 0, 150)

Seen = tuple[QPointF | None, ...]
"""Where each joint lies on the screen; None = it is not seen."""


class Stretch(NamedTuple):
    """From pixels of a canvas to those of the screen: times ``scale``, then moved."""

    scale: float
    left: float
    top: float

    def points(self, places: Places) -> Seen:
        """Joints on the screen."""
        scale, left, top = self
        return tuple(each and QPointF(left + each[0] * scale, top + each[1] * scale) for each in places)


def in_film(canvas: Size, film: Size, place: QRectF) -> Stretch:
    """From a canvas to the screen, where the film of (width, height) pixels fills ``place``."""
    found, factor = film_place(canvas, film), place.width() / film[0]
    return Stretch(found.scale * factor, place.left() + found.left * factor, place.top() + found.top * factor)


def draw_pose(painter: QPainter, pose: Pose, stretch: Stretch, *, halo: bool = False) -> None:
    """Draws body and hands as the model sees them; ``halo``: with a dark edge, so that it is seen on any picture."""
    if pose.picture is not None:
        _draw_picture(painter, pose, stretch, pose.picture)
        return
    unit = max(min(pose.canvas) / DRAWN_SHORT_SIDE * stretch.scale, 0.01)
    width = max(8 * unit, _LEAST_WIDTH)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    body = stretch.points(pose.body)
    hands = [stretch.points(hand) for hand in (pose.left_hand, pose.right_hand) if hand]
    if halo:
        _draw_lines(painter, body, LIMBS, [_HALO], width + 2.5)
    _draw_lines(painter, body, LIMBS, _LIMBS, width)
    _draw_dots(painter, body, _JOINTS, width / 2)
    for hand in hands:
        _draw_lines(painter, hand, FINGERS, _FINGERS, max(2 * unit, 1.0))
        _draw_dots(painter, hand, [_HAND_JOINT], max(4 * unit, 1.0) * 0.7)
    painter.restore()


def _draw_picture(painter: QPainter, pose: Pose, stretch: Stretch, picture: QImage) -> None:
    """A drawn skeleton: its black ground takes nothing away from what is under it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
    size = QSizeF(pose.canvas[0] * stretch.scale, pose.canvas[1] * stretch.scale)
    painter.drawImage(QRectF(QPointF(stretch.left, stretch.top), size), picture)
    painter.restore()


def draw_plain(painter: QPainter, body: Seen, left: QColor, right: QColor, width: float) -> None:
    """A small figure of lines and a head: the person's left side in one colour, all else in the other."""
    hips = _middle(body[Joint.RIGHT_HIP], body[Joint.LEFT_HIP])
    spine = (body[Joint.NECK], hips)
    for first, last in _PLAIN:
        _draw_line(painter, (body[first], body[last]), left if last in _LEFT else right, width)
    for hip in (Joint.RIGHT_HIP, Joint.LEFT_HIP):
        _draw_line(painter, (hips, body[hip]), left if hip in _LEFT else right, width)
    _draw_line(painter, spine, right, width)
    neck, nose = body[Joint.NECK], body[Joint.NOSE]
    if neck is not None and nose is not None:
        radius = min(max(QLineF(neck, nose).length() * 0.62, 1.5), 3 * width)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(right)
        painter.drawEllipse(nose, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_line(painter: QPainter, ends: tuple[QPointF | None, QPointF | None], colour: QColor, width: float) -> None:
    start, end = ends
    if start is not None and end is not None:
        painter.setPen(_pen(colour, width))
        painter.drawLine(QLineF(start, end))


def _middle(one: QPointF | None, other: QPointF | None) -> QPointF | None:
    return one or other if one is None or other is None else (one + other) / 2


def _draw_lines(
    painter: QPainter, points: Seen, lines: tuple[tuple[int, int], ...], colours: list[QColor], width: float
) -> None:
    for number, (first, last) in enumerate(lines):
        start, end = points[first], points[last]
        if start is not None and end is not None:
            painter.setPen(_pen(colours[number % len(colours)], width))
            painter.drawLine(QLineF(start, end))


def _draw_dots(painter: QPainter, points: Seen, colours: list[QColor], radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for number, point in enumerate(points):
        if point is not None:
            painter.setBrush(QBrush(colours[number % len(colours)]))
            painter.drawEllipse(point, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
