"""What every lane with pieces of files has in common: where they lie, what the mouse meets of them, their frame."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from svi_studio.document.timeline.piece_snapping import ends_of_pieces, snapped_end
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, begin_band
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.hand.piece_gestures import FileFrames, Held, MovePiece, SlipPiece, TrimPiece
from svi_studio.ui.timeline.lanes.lane import Brush, Hit, Part
from svi_studio.ui.timeline.paints import sign

translate = QCoreApplication.translate

EDGE_REACH = 6
"""Pixels at the ends of a piece, to the inside, that trim it."""
NARROW = 20
"""Pieces narrower than this, in pixels, are only carried."""
RADIUS = 5

Hint = Callable[[CardSource, Scene, int], str]
Menu = Callable[[LaneHost, int, QPoint], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PieceLane:
    """The pieces of one kind of track under the mouse; the lane is called as the kind is.

    ``file_frames`` says how long a file is, so that no piece is trimmed to more than there is. ``double_click`` and
    ``hint`` and ``menu`` are those of a piece.
    """

    kind: InputKind
    file_frames: FileFrames
    hint: Hint
    menu: Menu
    double_click: Callable[[LaneHost, int, QPoint], None] | None = None
    body: Part = field(init=False)
    head: Part = field(init=False)
    tail: Part = field(init=False)

    def __post_init__(self) -> None:
        sideways = Qt.CursorShape.SizeHorCursor
        parts = {
            "body": Part(
                name=f"{self.kind} piece",
                lane=str(self.kind),
                press=self._take,
                hint=self.hint,
                menu=self.menu,
                double_click=self.double_click,
            ),
            "head": Part(
                name=f"{self.kind} head",
                cursor=sideways,
                lane=str(self.kind),
                press=lambda host, place, at, _keys: TrimPiece(self.held(host, place, at), head=True),
                hint=self.hint,
                menu=self.menu,
            ),
            "tail": Part(
                name=f"{self.kind} tail",
                cursor=sideways,
                lane=str(self.kind),
                press=lambda host, place, at, _keys: TrimPiece(self.held(host, place, at), head=False),
                hint=self.hint,
                menu=self.menu,
            ),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def held(self, host: LaneHost, place: int, at: QPoint) -> Held:
        """The piece at ``place`` of the track, taken at the pixel ``at``."""
        return Held(host, self.kind, place, at, self.file_frames)

    def hit(self, scene: Scene, x: float) -> Hit | None:
        """The end or the body of the piece at pixel ``x``; None where none lies."""
        place = piece_at(scene, self.kind, x)
        if place is None:
            return None
        left, right = piece_span(scene, scene.pieces(self.kind)[place])
        if right - left >= NARROW:
            if x - left < EDGE_REACH:
                return Hit(self.head, place)
            if right - x <= EDGE_REACH:
                return Hit(self.tail, place)
        return Hit(self.body, place)

    def is_under_mouse(self, brush: Brush, place: int) -> bool:
        """Whether any part of that piece lies under the mouse."""
        return brush.hover.index == place and brush.hover.part.name.startswith(f"{self.kind} ")

    def _take(self, host: LaneHost, place: int, at: QPoint, keys: Modifiers) -> Gesture:
        held = self.held(host, place, at)
        return SlipPiece(held) if keys & Modifiers.AltModifier else MovePiece(held)


def piece_span(scene: Scene, piece: Piece) -> tuple[int, int]:
    """Pixels ``(left, right)`` of a piece in the view; one at least."""
    left = scene.scale.x(piece.start)
    return left, max(scene.scale.x(piece.stop), left + 1)


def piece_rect(scene: Scene, kind: InputKind, place: int) -> QRect:
    """The pixels of the piece at ``place`` in its lane."""
    left, right = piece_span(scene, scene.pieces(kind)[place])
    lane = scene.lanes[str(kind)]
    return QRect(left, lane.top, right - left, lane.height)


def piece_at(scene: Scene, kind: InputKind, x: float) -> int | None:
    """The place in its track of the piece at pixel ``x``; None where none lies. A pixel wide one is met around it."""
    pieces, frame = scene.pieces(kind), scene.scale.frame_at(x)
    place = bisect_right(pieces, frame, key=lambda piece: piece.start) - 1
    for near in (place, place + 1):
        if 0 <= near < len(pieces):
            left, right = piece_span(scene, pieces[near])
            if left <= x < max(right, left + 3):
                return near
    return None


def visible_pieces(scene: Scene, kind: InputKind, left: int, right: int) -> range:
    """The places of the pieces that show between two pixels of the view."""
    pieces = scene.pieces(kind)
    first = bisect_right(pieces, scene.scale.frame_at(left - 2), key=lambda piece: piece.stop)
    stop = bisect_right(pieces, scene.scale.frame_at(right + 2), key=lambda piece: piece.start)
    return range(first, max(first, stop))


def frame_to_lay(scene: Scene, at: QPoint) -> int:
    """The film frame at which a piece that is dropped at the pixel ``at`` begins: held by clips, markers, playhead."""
    return snapped_end(scene, scene.scale.nearest_frame(at.x()), ends_of_pieces(scene)).frame


def place_in_lane(scene: Scene, kind: InputKind, at: QPoint) -> DropPlace:
    """Where a file that is dropped at the pixel ``at`` goes: into the lane of ``kind``, from that frame on."""
    return DropPlace(False, frame_to_lay(scene, at), str(kind))


def press_empty(host: LaneHost, index: int, at: QPoint, keys: Modifiers) -> Gesture:
    """Chooses nothing, and begins a rubber band as everywhere between things."""
    host.film.pieces.clear()
    return begin_band(host, index, at, keys)


def paint_lane_ground(brush: Brush, kind: InputKind) -> None:
    """The lane under its pieces."""
    lane = brush.scene.lanes[str(kind)]
    brush.painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), brush.paints.lane)


def paint_invitation(brush: Brush, kind: InputKind, icon: str, words: str) -> None:
    """The place for a first piece, where a film needs one; the lane's part there is called ``KIND place``."""
    lane, painter = brush.scene.lanes[str(kind)], brush.painter
    left, right = max(brush.scene.scale.x(0), 4), brush.host.width() - 8
    if right - left < 60:
        return
    hovered = brush.hovered(f"{kind} place") is not None
    box = QRectF(left, lane.top + 2, right - left, lane.height - 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(brush.paints.accent if hovered else brush.paints.seam, 1, Qt.PenStyle.DashLine))
    painter.setBrush(brush.paints.card if hovered else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    colour = "accent" if hovered else "text-dim"
    painter.drawPixmap(QPointF(left + 12, box.center().y() - 8), sign(icon, 16, colour, brush.ratio))
    painter.setFont(brush.paints.font)
    painter.setPen(brush.paints.accent if hovered else brush.paints.dim)
    room = box.adjusted(36, 0, -8, 0)
    text = QFontMetrics(brush.paints.font).elidedText(words, Qt.TextElideMode.ElideRight, round(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


def near_part(brush: Brush, box: QRect) -> QRect:
    """The part of a piece's pixels ``box`` that is painted now, and so much more that its corners stay out of sight.

    A piece may be a million pixels wide, and what is drawn along all of it takes long.
    """
    return box.intersected(brush.rect.adjusted(-4 * RADIUS, -box.height(), 4 * RADIUS, box.height()))


def paint_piece_edge(brush: Brush, box: QRect, colour: QColor, *, chosen: bool, hovered: bool) -> None:
    """The outline of a piece: strong when it is chosen, brighter under the mouse."""
    painter, box = brush.painter, near_part(brush, box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = brush.paints.accent if chosen else brush.paints.text if hovered else colour
    wide = (3.0 if brush.host.hasFocus() else 2.0) if chosen else 1.0
    painter.setPen(QPen(edge, wide))
    frame = QRectF(box).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
    painter.drawRoundedRect(frame, RADIUS, RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
