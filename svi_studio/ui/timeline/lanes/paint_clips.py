"""Paints the clip lane: cards, or blocks and columns when far away, the seams between them, the place for one more."""

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.timeline.cards.parts import PICTURE_STEP, RADIUS, SHOWS_PICTURE, card_parts, picture_size
from svi_studio.ui.timeline.lanes.lane import Brush
from svi_studio.ui.timeline.lanes.paint_sound import paint_strip
from svi_studio.ui.timeline.paints import sign

CUT_GAP = 4
"""Pixels that a card keeps from a cut at its side; two cards that are chained touch."""
BLOCK = 5
"""Clips narrower than this are painted as columns of colour."""
SEAM_NEEDS = 60
"""Cards narrower than this have no seam signs to press."""
STRIP = 14
SHOWS_STRIP = 48
"""Pixels of height of the waveform on a card, and of width from which on a picture has one."""
SHOWS_OVERLAP = 56
SHOWS_FRAMES = 12
"""Common frames are shown from so many pixels on: all of them, or each."""


def card_rect(brush: Brush, index: int) -> QRect:
    """The pixels of the card of the clip at ``index``: its time, less the gaps at cuts."""
    left, right = brush.scene.card_span(index)
    starts, lane = brush.scene.layout.chain_starts, brush.scene.lanes["clips"]
    gap = CUT_GAP if right - left >= 40 else 1
    if right - left >= 8:
        left += gap if starts[index] and index else 0
        right -= gap if index + 1 < len(starts) and starts[index + 1] else 0
    return QRect(left, lane.top, right - left, lane.height)


def paint_clips(brush: Brush) -> None:
    """Paints the lane within the brush's rectangle."""
    lane, clips = brush.scene.lanes["clips"], brush.clips
    brush.painter.fillRect(QRect(brush.rect.left(), lane.top, brush.rect.width(), lane.height), brush.paints.lane)
    if clips:
        per_clip = brush.scene.scale.pixels_per_frame * brush.scene.layout.frames / len(brush.scene.layout)
        if per_clip < BLOCK:
            _paint_columns(brush)
        elif per_clip < SHOWS_PICTURE:
            _paint_blocks(brush, clips)
        else:
            _paint_cards(brush, clips)
            _paint_strips(brush, clips)
            _paint_seams(brush, clips)
    _paint_add(brush)


def paint_hover(brush: Brush) -> None:
    """The card under the mouse answers with a brighter edge."""
    index = brush.hovered("card")
    if index is None or brush.host.overlay.shown or index >= len(brush.scene.layout):
        return
    box = card_rect(brush, index)
    if box.width() < SHOWS_PICTURE or brush.scene.layout.clips[index].id in brush.selected:
        return
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.setPen(QPen(brush.paints.seam, 1.5))
    brush.painter.drawRoundedRect(QRectF(box).adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_columns(brush: Brush) -> None:
    """One colour a column of pixels; runs of equal columns are one stroke."""
    scene, source, layout = brush.scene, brush.host.source, brush.scene.layout
    first = max(brush.rect.left(), scene.scale.x(0))
    last = min(brush.rect.right() + 1, scene.scale.x(layout.frames))
    run_start, run_key, chosen = first, None, brush.selected
    for x in range(first, last + 1):
        index = layout.clip_at(scene.scale.frame_at(x + 0.5)) if x < last else None
        key = None if index is None else (source.view(index).state, layout.clips[index].id in chosen)
        if key != run_key:
            if run_key is not None:
                _paint_block(brush, QRect(run_start, scene.lanes["clips"].top, x - run_start, 0), *run_key)
            run_start, run_key = x, key


def _paint_blocks(brush: Brush, clips: range) -> None:
    """Paints slivers of the pictures over the colours of the states."""
    for index in clips:
        box = card_rect(brush, index).adjusted(0, 0, -1, 0)
        look = brush.host.source.look(index, PICTURE_STEP)
        _paint_block(brush, box, look.state, brush.scene.layout.clips[index].id in brush.selected)
        if look.picture is not None and not look.ghost:
            draw_cover(brush.painter, look.picture, QRectF(box.adjusted(0, 4, 0, -_foot(box.height()) - 2)))
            if brush.scene.layout.clips[index].id in brush.selected:
                brush.painter.fillRect(box, brush.paints.choice_tint)


def _foot(height: int) -> int:
    return max(height // 6, 8)


def _paint_block(brush: Brush, box: QRect, state: ClipState, selected: bool) -> None:
    lane, painter = brush.scene.lanes["clips"], brush.painter
    body = QRect(box.left(), lane.top, max(box.width(), 1), lane.height)
    painter.fillRect(body, brush.paints.selection if selected else brush.paints.card)
    if state is not ClipState.EMPTY:
        if not selected:
            painter.fillRect(body, brush.paints.state_bodies[state])
        fill = brush.paints.stale_pattern if state is ClipState.STALE else brush.paints.states[state]
        painter.fillRect(body.adjusted(0, lane.height - _foot(lane.height), 0, 0), fill)
    if selected:
        painter.fillRect(QRect(body.left(), lane.top, body.width(), 4), brush.paints.accent)


def _paint_cards(brush: Brush, clips: range) -> None:
    lane = brush.scene.lanes["clips"]
    height = picture_size(lane.height)
    for index in clips:
        box = card_rect(brush, index)
        if not box.intersects(brush.rect.adjusted(-4, 0, 4, 0)):
            continue
        look = brush.host.source.look(index, height)
        clip_id = brush.scene.layout.clips[index].id
        card = brush.cache.card(clip_id, look, (box.width(), box.height(), brush.ratio), brush.paints)
        brush.painter.drawPixmap(box.topLeft(), card)
        _paint_choice(brush, box, clip_id)


def _paint_strips(brush: Brush, clips: range) -> None:
    """On each card, at the foot of its picture, the part of the sound that lies under it."""
    if not brush.scene.pieces(InputKind.SOUND):
        return
    edges = brush.scene.layout.edges
    for index in clips:
        card = card_rect(brush, index)
        picture = card_parts(card.width(), card.height()).picture
        if picture.width() < SHOWS_STRIP:
            continue
        box = QRect(card.left() + 3, card.top() + int(picture.bottom()) - STRIP - 3, int(picture.width()) - 6, STRIP)
        paint_strip(brush, box, edges[index], edges[index + 1])


def _paint_choice(brush: Brush, box: QRect, clip_id: str) -> None:
    """Selected = outlined; the current clip = outlined twice as strongly."""
    if clip_id in brush.selected:
        current = clip_id == brush.host.film.selection.current
        frame = brush.cache.frame(box.width(), box.height(), brush.ratio, current, brush.paints)
        brush.painter.drawPixmap(box.topLeft(), frame)
        if current and brush.host.hasFocus() and box.width() > 20:
            brush.painter.setPen(QPen(brush.paints.text, 1, Qt.PenStyle.DotLine))
            brush.painter.setBrush(Qt.BrushStyle.NoBrush)
            brush.painter.drawRect(box.adjusted(4, 4, -5, -5))


def _paint_seams(brush: Brush, clips: range) -> None:
    scene = brush.scene
    for index in clips:
        left, right = scene.card_span(index)
        if index == 0 or right - left < SEAM_NEEDS:
            continue
        chained = not scene.layout.chain_starts[index]
        if chained:
            _paint_overlap(brush, index)
        _paint_sign(brush, left, chained, brush.hovered("seam") == index)


def _paint_sign(brush: Brush, x: int, chained: bool, hovered: bool) -> None:
    """A link on a chained seam, scissors on a cut, in a little disc that can be pressed."""
    painter, paints = brush.painter, brush.paints
    radius = 10.0 if hovered else 8.5
    centre = QPointF(x, brush.scene.seam_y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(paints.seam if chained else paints.cut, 1.4 if hovered else 1))
    painter.setBrush(paints.selection if hovered else paints.ruler)
    painter.drawEllipse(centre, radius, radius)
    name, colour = ("link", "text-dim") if chained else ("scissors", "cut")
    picture = sign(name, 12, colour, brush.ratio)
    painter.drawPixmap(QPointF(centre.x() - 6, centre.y() - 6), picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_overlap(brush: Brush, index: int) -> None:
    """When zoomed in: a bracket over the frames that this clip and the one before have in common."""
    scene, layout, painter = brush.scene, brush.scene.layout, brush.painter
    pixels = scene.scale.pixels_per_frame
    wide = round(layout.overlap * pixels)
    if wide < SHOWS_OVERLAP and pixels < SHOWS_FRAMES:
        return
    left, lane = scene.scale.x(layout.overlap_start(index)), scene.lanes["clips"]
    picture = card_parts(card_rect(brush, index).width(), lane.height).picture
    box = QRect(left, lane.top + int(picture.bottom()) - 8, wide, 8)
    painter.fillRect(box, brush.paints.veil)
    painter.setPen(QPen(brush.paints.dim, 1))
    step = 1 if pixels >= 5 else max(layout.overlap, 1)
    marks = (min(box.left() + round(frame * pixels), box.right()) for frame in range(0, layout.overlap + 1, step))
    lines = [QLine(x, box.top() + 1, x, box.bottom() - 1) for x in marks]
    painter.drawLines([*lines, QLine(box.left(), box.top() + 3, box.right(), box.top() + 3)])


def _paint_add(brush: Brush) -> None:
    """The place after the last clip: a dashed card with a plus."""
    lane = brush.scene.lanes["clips"]
    box = QRect(brush.scene.scale.x(brush.scene.layout.frames) + 8, lane.top, 72, lane.height)
    if not box.intersects(brush.rect) or not len(brush.scene.layout):
        return
    painter, hovered = brush.painter, brush.hovered("add") is not None
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(brush.paints.accent if hovered else brush.paints.seam, 1, Qt.PenStyle.DashLine))
    painter.setBrush(brush.paints.card if hovered else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    plus = sign("plus", 24, "accent" if hovered else "text-dim", brush.ratio)
    painter.drawPixmap(box.center() - QPoint(12, 12), plus)
