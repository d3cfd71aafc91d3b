"""Paints the skeleton lane: small figures along the time of each piece, gaps, names, and dances that are looked for."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QImage, QPainter, QPen, QPixmap

from svi_studio.document.skeleton.dance_search import DanceSearch, SearchState
from svi_studio.document.skeleton.shelf import Shelved
from svi_studio.document.skeleton.wording import ends_early, name_of
from svi_studio.domain.film.track import LAST_FRAME, InputKind, Piece
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.skeleton.pose_painter import Stretch, draw_plain
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.lanes.lane import Brush
from svi_studio.ui.timeline.lanes.pieces import (
    RADIUS,
    PieceLane,
    near_part,
    paint_invitation,
    paint_lane_ground,
    paint_piece_edge,
    piece_rect,
    visible_pieces,
)

translate = QCoreApplication.translate

KIND = InputKind.SKELETON
INSET = 2
MOST_TILES = 2000
SLOT_SHAPE = 0.86
"""How wide the place of a figure is, against its height."""
SHOWS_NAME = 44
CLOSEST_TURNS = 8
_BRIGHTER = 3  # times
_HEAD_ROOM, _FOOT_ROOM = 6, 3
"""Pixels above the highest joint, round which the head is drawn, and below the lowest."""


class _Tile(NamedTuple):
    file: str
    frame: int
    size: tuple[int, int]
    scheme: str
    ratio: float
    frames: int | None
    """Of the whole file: at another frame rate there are more, and each is another one."""


_tiles: OrderedDict[_Tile, QPixmap] = OrderedDict()


def paint_skeletons(brush: Brush, lane: PieceLane) -> None:
    """Paints the lane within the brush's rectangle."""
    paint_lane_ground(brush, KIND)
    for place in visible_pieces(brush.scene, KIND, brush.rect.left(), brush.rect.right()):
        _paint_piece(brush, lane, place)
    for search in brush.host.film.dances.searches:
        if search.replaces is None:
            _paint_search(brush, search)
    if not brush.scene.pieces(KIND) and not brush.host.film.dances.searches:
        words = translate("Timeline", "Drop a dance video or a pose file here, or click to choose one")
        paint_invitation(brush, KIND, "dance", words)


def paint_skeleton_names(brush: Brush) -> None:
    """The names of the pieces: each stays where it can be read while its piece scrolls."""
    for place in visible_pieces(brush.scene, KIND, brush.rect.left(), brush.rect.right()):
        piece = brush.scene.pieces(KIND)[place]
        box = piece_rect(brush.scene, KIND, place).adjusted(0, INSET, 0, -INSET)
        if box.width() >= SHOWS_NAME:
            _paint_name(brush, box, piece, brush.host.film.skeleton.shelf.find(piece.file))


def _paint_piece(brush: Brush, lane: PieceLane, place: int) -> None:
    piece = brush.scene.pieces(KIND)[place]
    box = piece_rect(brush.scene, KIND, place).adjusted(0, INSET, 0, -INSET)
    shown = box.intersected(brush.rect)
    painter = brush.painter
    if shown.isEmpty():
        return
    known = brush.host.film.skeleton.shelf.find(piece.file)
    painter.save()
    painter.setClipRect(shown)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush.paints.card)
    painter.drawRoundedRect(QRectF(near_part(brush, box)), RADIUS, RADIUS)
    if known is not None and known.film_frames is not None:
        _paint_gaps(brush, piece, known, box)
        _paint_figures(brush, piece, known, box)
        _paint_turns(brush, piece, box)
    painter.restore()
    is_chosen, hovered = brush.scene.is_chosen(KIND, place), lane.is_under_mouse(brush, place)
    broken = known is not None and bool(known.problem)
    colour = brush.paints.warn if broken else brush.paints.seam
    paint_piece_edge(brush, box, colour, chosen=is_chosen, hovered=hovered)


def _paint_figures(brush: Brush, piece: Piece, known: Shelved, box: QRect) -> None:
    """A figure in each place, at frames of the file that stay the same while the view scrolls and the piece slips.

    Frames are counted on where a dance is looped or held: as if its file were that long.
    """
    pixels = brush.scene.scale.pixels_per_frame
    wide = max(round(box.height() * SLOT_SHAPE), 8)
    step = max(1, round(wide / pixels))
    zero = brush.scene.scale.x(piece.start) - piece.offset * pixels  # where the file's first frame would lie
    first = max(piece.offset, int((brush.rect.left() - wide - zero) / pixels)) // step
    seen = int((brush.rect.right() + wide - zero) / pixels) + 1
    last = min(piece.offset + piece.length, seen)
    if not piece.plays_to:
        last = min(last, known.film_frames or 0)
    for slot in range(first, last // step + 1):
        frame = slot * step + step // 2
        if piece.offset <= frame < last:
            tile = _tile(brush, piece.file, known, piece.shows(frame - piece.offset), QSize(wide, box.height()))
            brush.painter.drawPixmap(QPointF(round(zero + (frame + 0.5) * pixels - wide / 2), box.top()), tile)


def _tile(brush: Brush, file: str, known: Shelved, frame: int, size: QSize) -> QPixmap:
    """One small figure, drawn once."""
    key = _Tile(file, frame, (size.width(), size.height()), theme().scheme, brush.ratio, known.film_frames)
    found = _tiles.get(key)
    if found is None:
        found = _tiles[key] = _draw_tile(known, frame, size, brush.ratio)
        if len(_tiles) > MOST_TILES:
            _tiles.popitem(last=False)
    else:
        _tiles.move_to_end(key)
    return found


def _draw_tile(known: Shelved, frame: int, size: QSize, ratio: float) -> QPixmap:
    pose = known.pose(frame)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    if pose is not None and pose.picture is not None:
        _draw_picture(pixmap, pose.picture, known, size)
        return pixmap
    seen = [place for place in pose.body if place is not None] if pose is not None else []
    if pose is None or not seen:
        return pixmap
    top, bottom = known.upright
    scale = (size.height() - _HEAD_ROOM - _FOOT_ROOM) / (bottom - top)
    middle = (min(x for x, _ in seen) + max(x for x, _ in seen)) / 2
    stretch = Stretch(scale, size.width() / 2 - middle * scale, _HEAD_ROOM - top * scale)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    look = theme()
    draw_plain(painter, stretch.points(pose.body), look.colour("marker"), look.colour("accent"), 1.5)
    painter.end()
    return pixmap


def _draw_picture(pixmap: QPixmap, picture: QImage, known: Shelved, size: QSize) -> None:
    """What is drawn of a frame of a drawn skeleton, brighter than it is: its lines are thin in a lane."""
    step = picture.width() / known.canvas[0]
    (left, right), (top, bottom) = known.across, known.upright
    part = QRectF(left * step, top * step, max((right - left) * step, 1), max((bottom - top) * step, 1))
    shape = part.size().toSize().scaled(size - QSize(2, 4), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF((size.width() - shape.width()) / 2, (size.height() - shape.height()) / 2, *shape.toTuple())
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), Qt.GlobalColor.black)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    for _ in range(_BRIGHTER):
        painter.drawImage(place, picture, part)
    painter.end()


def _paint_gaps(brush: Brush, piece: Piece, known: Shelved, box: QRect) -> None:
    """Hatched where nobody is seen, and where the piece is longer than its file."""
    gaps = [*known.gaps]
    if known.film_frames is not None and ends_early(piece, known):
        gaps.append((known.film_frames, LAST_FRAME))
    scale = brush.scene.scale
    first_seen, seen_stop = (int(scale.frame_at(x)) for x in (brush.rect.left() - 2, brush.rect.right() + 2))
    for part in piece.parts(first_seen, seen_stop + 1) if gaps else ():
        for first, stop in gaps:
            start, end = max(first, part.offset), min(stop, part.offset + part.length)
            if start < end:
                left = scale.x(part.start + start - part.offset)
                right = max(scale.x(part.start + end - part.offset), left + 2)
                hatched = QRect(left, box.top(), right - left, box.height())
                brush.painter.fillRect(hatched, QBrush(brush.paints.warn, Qt.BrushStyle.BDiagPattern))


def _paint_turns(brush: Brush, piece: Piece, box: QRect) -> None:
    """A dashed line where a dance begins again, or begins to hold its last pose; none where they would be a carpet."""
    scale = brush.scene.scale
    lap = piece.length if piece.loops_from is None else piece.plays_to - piece.loops_from
    if lap * scale.pixels_per_frame < CLOSEST_TURNS:
        return
    brush.painter.setPen(QPen(brush.paints.seam, 1, Qt.PenStyle.DashLine))
    first, last = (int(scale.frame_at(x)) for x in (brush.rect.left() - 2, brush.rect.right() + 2))
    for frame in piece.turns(first, last + 1):
        x = scale.x(frame) + 0.5  # the middle of a column of pixels
        brush.painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))


def _paint_name(brush: Brush, box: QRect, piece: Piece, known: Shelved | None) -> None:
    """The name in the corner that is in view, on a veil."""
    words = name_of(piece, known)
    if known is not None and known.problem:
        words = known.problem
    elif ends_early(piece, known):
        words = translate("Timeline", "{name}: too short").format(name=words)
    metrics = QFontMetrics(brush.paints.small)
    room = box.width() - 14
    text = metrics.elidedText(visible(words), Qt.TextElideMode.ElideRight, room)
    left = min(max(box.left() + 4, 4), box.right() - 10 - metrics.horizontalAdvance(text))
    place = QRect(max(left, box.left() + 4), box.top() + 2, metrics.horizontalAdvance(text) + 8, metrics.height())
    if place.intersects(brush.rect):
        brush.painter.setPen(Qt.PenStyle.NoPen)
        brush.painter.setBrush(brush.paints.veil)
        brush.painter.drawRoundedRect(QRectF(place), 3, 3)
        brush.painter.setPen(brush.paints.warn if known is not None and known.problem else brush.paints.text)
        brush.painter.setFont(brush.paints.small)
        brush.painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _paint_search(brush: Brush, search: DanceSearch) -> None:
    """A dance that is being looked for, where it will lie, filled as far as it is found."""
    scene, paints, painter = brush.scene, brush.paints, brush.painter
    start, length = search.span(scene.layout.fps, scene.pieces(KIND))
    left, right = scene.scale.x(start), scene.scale.x(start + length)
    lane = scene.lanes[str(KIND)]
    box = QRect(left, lane.top + INSET, right - left, lane.height - 2 * INSET)
    if not box.intersects(brush.rect):
        return
    painter.save()
    painter.setClipRect(box.intersected(brush.rect))
    painter.fillRect(box, paints.card)
    done = QRect(box.left(), box.top(), round(box.width() * search.share), box.height())
    painter.fillRect(done, paints.selection)
    painter.setFont(paints.small)
    painter.setPen(paints.warn if search.state is SearchState.FAILED else paints.text)
    words = QFontMetrics(paints.small).elidedText(search_words(search), Qt.TextElideMode.ElideRight, box.width() - 16)
    painter.drawText(box.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, words)
    painter.restore()
    paint_piece_edge(brush, box, paints.accent, chosen=False, hovered=False)


def search_words(search: DanceSearch) -> str:
    """How far a search is, in a few words."""
    if search.state is SearchState.SEARCHING:
        words = translate("Timeline", "{name}: {percent} % looked through")
        return words.format(name=search.video.name, percent=round(100 * search.share))
    if search.state is SearchState.FAILED:
        return search.problem
    return translate("Timeline", "{name}: click to choose the dancer").format(name=search.video.name)
