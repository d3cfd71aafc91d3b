"""Paints the sound lane: pieces with waveforms, names, gains and fades, or the invitation to lay the first one."""

from math import ceil

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from svi_studio.document.timeline.scene import Box, Scene
from svi_studio.domain.film.decibels import LOUDEST_DB, SILENT_DB, decibels, gain_of, level_words
from svi_studio.domain.film.fades import fade_gain
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.timeline.lanes.lane import Brush
from svi_studio.ui.timeline.lanes.pieces import (
    RADIUS,
    near_part,
    paint_invitation,
    paint_lane_ground,
    paint_piece_edge,
    piece_rect,
    visible_pieces,
)
from svi_studio.ui.timeline.paints import Paints, mixed
from svi_studio.ui.timeline.waves.colours import WaveColours
from svi_studio.ui.timeline.waves.tiles import OnScreen, Wave

translate = QCoreApplication.translate

SOUND = InputKind.SOUND
TWO_CHANNELS = 84
"""Pixels of height from which on left and right are drawn apart."""
SHOWS_NAME = 60
SHOWS_LINE = 48
"""Pixels of width from which on a piece shows its gain line, and lets it be pulled."""
HANDLE = 5
"""Radius of the handles of fades."""
_STEPS = 12  # lines of which the curve of a fade is drawn
_UNITY = 0.32  # of the height, from above, where the gain line of 0 dB lies


def gain_y(lane: Box, gain: float) -> int:
    """The pixel at which the gain line of ``gain`` lies in the lane: 0 dB below the names, silence at the bottom."""
    level = decibels(gain)
    share = _UNITY * (1 - level / LOUDEST_DB) if level > 0 else _UNITY + (1 - _UNITY) * (level / SILENT_DB) ** 0.6
    return lane.top + round(3 + share * (lane.height - 7))


def gain_at(lane: Box, y: float) -> float:
    """The gain whose line lies at the pixel ``y``."""
    share = min(max((y - lane.top - 3) / (lane.height - 7), 0.0), 1.0)
    if share <= _UNITY:
        return gain_of(LOUDEST_DB * (1 - share / _UNITY))
    return gain_of(SILENT_DB * ((share - _UNITY) / (1 - _UNITY)) ** (1 / 0.6))


def fade_handle(scene: Scene, piece: Piece, *, head: bool) -> int:
    """The pixel at which the handle of a fade lies: where the fade ends, or in the corner without one."""
    if head:
        return scene.scale.x(piece.start + piece.fade_in) + (0 if piece.fade_in else HANDLE + 2)
    return scene.scale.x(piece.stop - piece.fade_out) - (0 if piece.fade_out else HANDLE + 2)


def paint_sound(brush: Brush) -> None:
    """The lane within the brush's rectangle."""
    paint_lane_ground(brush, SOUND)
    pieces = brush.scene.pieces(SOUND)
    if not pieces:
        words = translate("Timeline", "Drop a sound here, or click to choose one")
        paint_invitation(brush, SOUND, "sound", words)
        return
    for place in visible_pieces(brush.scene, SOUND, brush.rect.left(), brush.rect.right()):
        _paint_piece(brush, place, pieces[place])


def paint_sound_names(brush: Brush) -> None:
    """The names of the pieces: each stays where it can be read while its piece scrolls."""
    pieces = brush.scene.pieces(SOUND)
    for place in visible_pieces(brush.scene, SOUND, brush.rect.left(), brush.rect.right()):
        box = piece_rect(brush.scene, SOUND, place)
        if box.width() >= SHOWS_NAME:
            marked = brush.scene.is_chosen(SOUND, place) or _is_hovered(brush, place)
            _paint_name(brush, pieces[place], _beside_handles(brush, pieces[place], box) if marked else box)


def _paint_piece(brush: Brush, place: int, piece: Piece) -> None:
    box = piece_rect(brush.scene, SOUND, place)
    shown = box.intersected(brush.rect.adjusted(-8, 0, 8, 0))
    if shown.isEmpty():
        return
    painter = brush.painter
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(QRectF(near_part(brush, box)), RADIUS, RADIUS)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    colours = wave_colours(brush, muted=_is_muted(brush))
    painter.fillRect(shown, colours.body or brush.paints.lane)
    inner = shown.adjusted(0, 1, 0, -1)
    paint_wave(brush, piece, inner, colours)
    _paint_fades(brush, piece, box)
    marked = brush.scene.is_chosen(SOUND, place) or _is_hovered(brush, place)
    hovered = _is_hovered(brush, place)
    if box.width() >= SHOWS_LINE and (hovered or piece.gain != 1):
        _paint_gain(brush, piece, shown, strong=hovered)
    painter.restore()
    paint_piece_edge(
        brush,
        box,
        brush.paints.sound_edge,
        chosen=brush.scene.is_chosen(SOUND, place),
        hovered=_is_hovered(brush, place),
    )
    if marked and box.width() >= SHOWS_LINE:
        _paint_handles(brush, piece)


def wave_colours(brush: Brush, *, muted: bool) -> WaveColours:
    """The colours of a piece; a muted one is dim."""
    paints = brush.paints
    if not muted:
        return WaveColours(paints.sound, paints.sound_core, paints.warn, paints.sound_body)
    grey = mixed(paints.lane, paints.dim, 0.5)
    return WaveColours(grey, mixed(paints.lane, paints.dim, 0.7), grey, mixed(paints.lane, paints.dim, 0.14))


def paint_wave(brush: Brush, piece: Piece, box: QRect, colours: WaveColours, *, fine: bool = True) -> bool:
    """The waveform of a piece within the pixels ``box``; returns whether its file is ready."""
    scale, ratio = brush.scene.scale, brush.ratio
    per_column = SAMPLE_RATE / brush.scene.layout.fps / scale.pixels_per_frame / ratio
    origin = round(((piece.start - piece.offset) * scale.pixels_per_frame - scale.offset) * ratio)
    wave = Wave(piece.file, per_column, piece.gain, 2 if box.height() >= TWO_CHANNELS else 1, fine)
    return brush.host.waves.paint(brush.painter, wave, box, colours, OnScreen(origin, ratio))


def _is_muted(brush: Brush) -> bool:
    return any(track.kind is SOUND and track.muted for track in brush.scene.tracks)


def _is_hovered(brush: Brush, place: int) -> bool:
    return brush.hover.index == place and brush.hover.part.name.startswith(f"{SOUND} ")


def _paint_fades(brush: Brush, piece: Piece, box: QRect) -> None:
    """What a fade takes away is veiled, along the curve that is heard."""
    for frames, head in ((piece.fade_in, True), (piece.fade_out, False)):
        wide = frames * brush.scene.scale.pixels_per_frame
        if wide < 1:
            continue
        start = box.left() if head else box.right() + 1
        side = 1 if head else -1
        if max(start, start + side * wide) < brush.rect.left() or min(start, start + side * wide) > brush.rect.right():
            continue
        curve = [
            QPointF(start + side * wide * step / _STEPS, box.bottom() - fade_gain(step / _STEPS) * box.height())
            for step in range(_STEPS + 1)
        ]
        painter = brush.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        veil = QColor(brush.paints.lane)
        veil.setAlphaF(0.72)
        painter.setBrush(veil)
        painter.drawPolygon(QPolygonF([QPointF(start, box.top()), QPointF(start, box.bottom() + 1), *curve]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(brush.paints.text, 1.2))
        painter.drawPolyline(QPolygonF(curve))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_gain(brush: Brush, piece: Piece, shown: QRect, *, strong: bool) -> None:
    y = gain_y(brush.scene.lanes[str(SOUND)], piece.gain)
    colour = QColor(brush.paints.text)
    colour.setAlphaF(0.9 if strong else 0.45)
    brush.painter.setPen(QPen(colour, 1))
    brush.painter.drawLine(shown.left(), y, shown.right(), y)


def _beside_handles(brush: Brush, piece: Piece, box: QRect) -> QRect:
    """What is free between the handles of the fades, where they are near the ends."""
    head, tail = (fade_handle(brush.scene, piece, head=head) for head in (True, False))
    left = max(box.left(), head - HANDLE - 6) if head < box.center().x() else box.left()
    right = min(box.right(), tail - HANDLE) if tail > box.center().x() else box.right()
    return QRect(left, box.top(), right - left, box.height())


def _paint_name(brush: Brush, piece: Piece, box: QRect) -> None:
    """The name in the upper corner that is in view, with what is to be known beside it."""
    left = max(box.left(), 0) + 18
    room = min(box.right(), brush.host.width()) - left - 8
    if room < 30 or left - 4 > brush.rect.right():
        return
    metrics = QFontMetrics(brush.paints.small)
    text = "  ·  ".join(part for part in (piece_name(piece), _remark(brush, piece)) if part)
    wide = metrics.horizontalAdvance(text)
    if wide > room:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        wide = metrics.horizontalAdvance(text)
    low = brush.scene.lanes[str(SOUND)].height < 44
    plate = QRectF(left - 4, box.top() + 2, wide + 8, min(metrics.height() + (0 if low else 1), box.height() - 4))
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    veil = QColor(wave_colours(brush, muted=_is_muted(brush)).body or brush.paints.lane)
    veil.setAlphaF(0.82)
    painter.setBrush(veil)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(brush.paints.small)
    painter.setPen(brush.paints.text)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def piece_name(piece: Piece) -> str:
    """What people call the sound."""
    return " ".join(visible(piece.name).split()) or translate("Timeline", "Sound")


def _remark(brush: Brush, piece: Piece) -> str:
    sounds = brush.host.film.sounds
    reading = sounds.reading(piece.file)
    if reading is not None and reading.problem:
        return translate("Timeline", "cannot be read")
    if sounds.ready(piece.file) is None:
        share = None if reading is None else reading.share
        words = translate("Timeline", "reading…")
        return words if share is None else f"{words} {round(100 * share)} %"
    if _is_muted(brush):
        return translate("Timeline", "muted")
    return "" if piece.gain == 1 else level_words(piece.gain)


def _paint_handles(brush: Brush, piece: Piece) -> None:
    """Two discs that can be pulled, where the fades end."""
    lane, painter = brush.scene.lanes[str(SOUND)], brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(brush.paints.lane, 1.2))
    painter.setBrush(brush.paints.text)
    for head in (True, False):
        x = fade_handle(brush.scene, piece, head=head)
        painter.drawEllipse(QPointF(x, lane.top + HANDLE + 2), HANDLE - 0.5, HANDLE - 0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def strip_colours(paints: Paints) -> WaveColours:
    """The colours of the quiet waveforms on cards."""
    wave = QColor(paints.sound)
    wave.setAlphaF(0.85)
    return WaveColours(wave, wave, wave)


def paint_strip(brush: Brush, box: QRect, first: int, stop: int) -> None:
    """A quiet waveform of what lies under the film frames ``first`` up to ``stop``, across the pixels ``box``."""
    track = next((each for each in brush.scene.tracks if each.kind is SOUND), None)
    if track is None:
        return
    colours = strip_colours(brush.paints)
    for piece in track.under(first, stop):
        left, right = brush.scene.scale.x(piece.start), ceil(brush.scene.scale.x(piece.stop))
        part = QRect(left, box.top(), right - left, box.height()).intersected(box)
        if not part.isEmpty():
            brush.painter.save()
            brush.painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            paint_wave(brush, piece, part, colours, fine=False)
            brush.painter.restore()
