"""Draws one card: picture, number, state by shape and colour, prompt, seed and length, as much as its width allows."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.timeline.cards.look import CardLook
from svi_studio.ui.timeline.cards.parts import BAR, END_GAP, RADIUS, SHOWS_PICTURE, CardParts, card_parts
from svi_studio.ui.timeline.cards.text_lines import draw_lines
from svi_studio.ui.timeline.paints import STATE_ICONS, Paints, sign

ICON = 14
_BARS = {ClipState.STALE: (10, 6), ClipState.QUEUED: (6, 2)}  # pixels from dash to dash, and of each
_DRAFT_BAR = (18, 14)
SHOWS_NUMBER = 26
SHOWS_FOOTER = 84
SHOWS_END_SIGN = 24
PAD = 7


def draw_card(look: CardLook, width: int, height: int, paints: Paints, ratio: float) -> QPixmap:
    """The card as a pixmap of ``width`` x ``height`` logical pixels for a screen of device pixel ratio ``ratio``."""
    pixmap = _clear_pixmap(width, height, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    _CardPainter(painter, look, width, height, paints=paints, ratio=ratio).paint()
    painter.end()
    return pixmap


def draw_choice(width: int, height: int, ratio: float, current: bool, paints: Paints) -> QPixmap:
    """What lies over a selected card of that size: a tint and an outline, a stronger one for the current clip."""
    pixmap = _clear_pixmap(width, height, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tint = QColor(paints.accent)
    tint.setAlphaF(0.10)
    painter.setBrush(tint)
    painter.setPen(QPen(paints.accent, 3 if current else 2))
    inset = 1.5 if current else 1.0
    painter.drawRoundedRect(QRectF(inset, inset, width - 2 * inset, height - 2 * inset), RADIUS - 1, RADIUS - 1)
    painter.end()
    return pixmap


def _clear_pixmap(width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


class _CardPainter:
    """One drawing of one card."""

    def __init__(
        self, painter: QPainter, look: CardLook, width: int, height: int, *, paints: Paints, ratio: float
    ) -> None:
        self.painter, self.look, self.width, self.height = painter, look, width, height
        self.paints, self.ratio = paints, ratio
        self.colour = paints.states[look.state]
        self.outline = _outline(QRectF(0.5, 0.5, width - 1, height - 1), look)

    def paint(self) -> None:
        """Paints the card, from back to front."""
        parts = card_parts(self.width, self.height, has_end=self.look.has_end)
        self.painter.setClipPath(self.outline)
        self.painter.fillRect(0, 0, self.width, self.height, self.paints.card)
        if self.width >= SHOWS_PICTURE:
            self._picture(parts.start)
            if self.look.has_end:
                self._end(parts)
        if not parts.words.isEmpty():
            self._words(parts.words)
        self._bar()
        self.painter.setClipping(False)
        self._frame()
        if self.width >= SHOWS_NUMBER:
            self._badges(parts.picture)
        if self.look.from_video and self.width >= SHOWS_PICTURE:
            self._video_sign(parts.start)

    def _picture(self, box: QRectF) -> None:
        look = self.look
        solid = look.picture is not None and not look.ghost and look.state is not ClipState.STALE
        self.painter.fillRect(box, self.paints.backdrop if solid else self.paints.lane)
        if look.picture is not None:
            self.painter.setOpacity(0.38 if look.ghost else 0.55 if look.state is ClipState.STALE else 1.0)
            draw_cover(self.painter, look.picture, box)
            self.painter.setOpacity(1.0)
        elif box.width() >= 44 and look.state is not ClipState.RENDERING:
            side = 24
            picture = sign("clip", side, "text-disabled", self.ratio)
            centre = box.center()
            self.painter.drawPixmap(QPointF(centre.x() - side / 2, centre.y() - side / 2), picture)
        if look.state is ClipState.STALE:
            tint = QColor(self.colour)
            tint.setAlphaF(0.42)
            self.painter.fillRect(box, QBrush(tint, Qt.BrushStyle.BDiagPattern))
        if look.state is ClipState.EMPTY and box.width() > 30:
            self.painter.setPen(QPen(self.paints.seam, 1, Qt.PenStyle.DashLine))
            self.painter.drawRoundedRect(box.adjusted(5, 5, -5, -5), 4, 4)
        if look.state is ClipState.RENDERING:
            self._progress(box)

    def _end(self, parts: CardParts) -> None:
        """The picture that the clip ends on, and a sign between the two that says which way the clip goes."""
        look, box = self.look, parts.end
        faint = look.state in (ClipState.EMPTY, ClipState.STALE)
        self.painter.fillRect(box, self.paints.lane if faint or look.end_picture is None else self.paints.backdrop)
        if look.end_picture is not None:
            self.painter.setOpacity(0.55 if faint else 1.0)
            draw_cover(self.painter, look.end_picture, box)
            self.painter.setOpacity(1.0)
        if box.width() < SHOWS_END_SIGN:
            return
        beside = box.intersects(parts.picture)
        x = box.left() - END_GAP / 2 - ICON / 2 - 2 if beside else box.left() - ICON / 2 - 2
        y = box.center().y() - ICON / 2 - 2
        self._pill(QRectF(x, y, ICON + 4, ICON + 4))
        self.painter.drawPixmap(QPointF(x + 2, y + 2), sign("arrow-right", ICON, "text-dim", self.ratio))

    def _video_sign(self, box: QRectF) -> None:
        """That the clip goes on from a video, in as many words as there is room for."""
        if box.width() < SHOWS_NUMBER or box.height() < 3 * ICON:
            return
        y, room = box.bottom() - ICON - 9, box.width() - 2 * PAD
        for text in self.look.video_words:
            if ICON + 4 + self._width(text) <= room:
                self._signed_label(QRectF(box.x() + 5, y, ICON + 4 + self._width(text), ICON + 4), "film", text)
                return
        text = self.look.video_words[-1] if self.look.video_words else ""
        if text and self._width(text) <= room:
            self._label(QRectF(box.x() + 5, y, self._width(text), ICON + 4), text)
        else:
            self._badge(box.x() + 5, y, "film", "text-dim")

    def _signed_label(self, box: QRectF, name: str, text: str) -> None:
        """A sign, and words behind it."""
        self._pill(box)
        self.painter.drawPixmap(QPointF(box.x() + 4, box.y() + 2), sign(name, ICON, "text-dim", self.ratio))
        self.painter.setFont(self.paints.bold)
        self.painter.setPen(self.paints.text)
        self.painter.drawText(box.adjusted(ICON + 8, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _progress(self, box: QRectF) -> None:
        track = QRectF(box.x() + 8, box.bottom() - 18, box.width() - 16, 5)
        if track.width() < 8:
            return
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(0, 0, 0, 150))
        self.painter.drawRoundedRect(track, 2.5, 2.5)
        done = QRectF(track)
        done.setWidth(max(5.0, track.width() * self.look.percent / 100))
        self.painter.setBrush(self.paints.accent)
        self.painter.drawRoundedRect(done, 2.5, 2.5)

    def _words(self, box: QRectF) -> None:
        paints, look = self.paints, self.look
        inner = box.adjusted(PAD, 4, -PAD, -3)
        footer = paints.small_height if self.width >= SHOWS_FOOTER else 0
        lines = int((inner.height() - footer) // paints.line_height)
        if lines < 1:
            footer, lines = 0, int(inner.height() // paints.line_height)
        if lines > 0:
            text = look.prompt or look.hint
            colour = paints.text if look.prompt else paints.off
            draw_lines(self.painter, text, inner, font=paints.font, colour=colour, lines=min(lines, 6))
        if footer:
            self._footer(QRectF(inner.x(), inner.bottom() - footer, inner.width(), footer))

    def _footer(self, box: QRectF) -> None:
        paints, look = self.paints, self.look
        metrics = QFontMetrics(paints.small)
        self.painter.setFont(paints.small)
        if look.message and look.state in (ClipState.FAILED, ClipState.RENDERING):
            self.painter.setPen(self.colour)
            text = metrics.elidedText(visible(look.message), Qt.TextElideMode.ElideRight, int(box.width()))
            self.painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            return
        self.painter.setPen(paints.dim)
        room = box.width() - metrics.horizontalAdvance(look.length) - 8
        self.painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, look.length)
        if metrics.horizontalAdvance(look.seed) <= room:
            self.painter.setPen(paints.text if look.own_seed else paints.dim)
            self.painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, look.seed)

    def _bar(self) -> None:
        """The stripe at the foot: the state's colour, and a pattern that tells it without the colour.

        Solid = done, failed or rendering; long dashes = a draft, short ones = stale, dots = waiting; empty has none.
        """
        state = self.look.state
        if state is ClipState.EMPTY:
            return
        draft = self.look.draft and state is ClipState.DONE
        step, part = _DRAFT_BAR if draft else _BARS.get(state, (self.width + 1, self.width + 1))
        for x in range(0, self.width, step):
            self.painter.fillRect(QRectF(x, self.height - BAR, min(part, self.width - x), BAR), self.colour)

    def _frame(self) -> None:
        urgent = self.look.state in (ClipState.FAILED, ClipState.RENDERING)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(self.colour, 1.5) if urgent else QPen(self.paints.card_edge, 1))
        self.painter.drawPath(self.outline)

    def _badges(self, box: QRectF) -> None:
        left = self._number(box)
        right = box.right() - 5
        signs = self._signs()
        for place, (name, colour) in enumerate(signs):
            if right - ICON - 6 < left:
                self._squeezed(signs[place:], box)
                return
            right -= ICON + 6
            self._badge(right, box.y() + 5, name, colour)
            right -= 3
        self._tag(left, right, box)

    def _squeezed(self, signs: list[tuple[str, str]], box: QRectF) -> None:
        """One sign at the foot of a narrow card; "done", the common one, is told well enough by the bar."""
        rare = [each for each in signs if each[0] != STATE_ICONS[ClipState.DONE]]
        if rare:
            self._badge(box.right() - ICON - 9, box.bottom() - ICON - 16, *rare[0])

    def _badge(self, x: float, y: float, name: str, colour: str) -> None:
        self._pill(QRectF(x, y, ICON + 6, ICON + 4))
        self.painter.drawPixmap(QPointF(x + 3, y + 2), sign(name, ICON, colour, self.ratio))

    def _number(self, box: QRectF) -> float:
        """Draws the clip's number; returns where it ends."""
        text, left = str(self.look.number), box.x() + 5
        width = self._width(text)
        if left + width > box.right() - 2:
            return left
        self._label(QRectF(left, box.y() + 5, width, ICON + 4), text)
        return left + width + 3

    def _signs(self) -> list[tuple[str, str]]:
        look = self.look
        signs = [] if look.state is ClipState.EMPTY else [(STATE_ICONS[look.state], f"clip-{look.state.value}")]
        if look.message and look.prompt and look.state in (ClipState.EMPTY, ClipState.STALE):
            signs.append(("warning", "warn"))
        if look.locked:
            signs.append(("lock", "clip-locked"))
        elif look.kept:
            signs.append(("pin", "accent"))
        if look.own_loras:
            signs.append(("layers", "text-dim"))
        return signs

    def _tag(self, left: float, right: float, box: QRectF) -> None:
        """ "Draft", or how far the rendering is, where there is room for it."""
        look = self.look
        text = f"{look.percent} %" if look.state is ClipState.RENDERING else look.draft
        width = self._width(text)
        if text and right - width >= left:
            self._label(QRectF(right - width, box.y() + 5, width, ICON + 4), text)

    def _width(self, text: str) -> int:
        return QFontMetrics(self.paints.bold).horizontalAdvance(text) + 10

    def _label(self, box: QRectF, text: str) -> None:
        self._pill(box)
        self.painter.setFont(self.paints.bold)
        self.painter.setPen(self.paints.text)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _pill(self, box: QRectF) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.paints.veil)
        self.painter.drawRoundedRect(box, 5, 5)


def _outline(box: QRectF, look: CardLook) -> QPainterPath:
    """Returns the outline of a card: round where a chain begins or ends, straight where it goes on."""
    path = QPainterPath()
    left = RADIUS if look.opens else 1.5
    right = RADIUS if look.closes else 1.5
    left, right = (min(each, box.width() / 2) for each in (left, right))
    path.moveTo(box.left() + left, box.top())
    path.lineTo(box.right() - right, box.top())
    path.arcTo(box.right() - 2 * right, box.top(), 2 * right, 2 * right, 90, -90)
    path.lineTo(box.right(), box.bottom() - right)
    path.arcTo(box.right() - 2 * right, box.bottom() - 2 * right, 2 * right, 2 * right, 0, -90)
    path.lineTo(box.left() + left, box.bottom())
    path.arcTo(box.left(), box.bottom() - 2 * left, 2 * left, 2 * left, 270, -90)
    path.lineTo(box.left(), box.top() + left)
    path.arcTo(box.left(), box.top(), 2 * left, 2 * left, 180, -90)
    path.closeSubpath()
    return path
