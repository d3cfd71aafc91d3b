"""Draws scenes: pictures sharp or smooth, words where there is no picture, two pictures in three ways, badges."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from svi_studio.document.preview.scene import Badge, Scene, Side
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.stars import draw_stars
from svi_studio.ui.preview.picture_fit import fitted
from svi_studio.ui.preview.words_painter import draw_words, on_picture
from svi_studio.ui.theme import theme

GAP = 12.0
CAPTION = 30.0
_BRIGHTER = 2  # doublings of a difference: what is small would not be seen

BADGE_OPACITY = 0.88  # every tone is read on it over a white picture, too: at least 4.5 : 1


def draw_picture(painter: QPainter, place: QRectF, side: Side, scene: Scene) -> None:
    """Draws the picture of ``side``, or its words, at ``place``."""
    if side.image is None:
        if side.behind is not None:
            draw_behind(painter, place, side.behind)
        draw_words(painter, place, side.words)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth(side, scene, place))
    painter.drawImage(place, side.image)


def draw_subtitles(painter: QPainter, place: QRectF, scene: Scene) -> None:
    """Lays the scene's subtitles on the picture at ``place``, as they will lie on it in the film."""
    if scene.subtitles is None:
        return
    share = scene.subtitles.place
    left, top = place.left() + share.left() * place.width(), place.top() + share.top() * place.height()
    room = QRectF(left, top, share.width() * place.width(), share.height() * place.height())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(room, scene.subtitles.image)


def draw_behind(painter: QPainter, place: QRectF, image: QImage) -> None:
    """Fills ``place`` with the middle of ``image``, faintly, so that words on it can be read."""
    shape = QSizeF(place.size())
    shape.scale(QSizeF(image.size()), Qt.AspectRatioMode.KeepAspectRatio)
    part = QRectF(QPointF(), shape)
    part.moveCenter(QRectF(image.rect()).center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(0.24)
    painter.drawImage(place, image, part)
    painter.restore()


def is_smooth(side: Side, scene: Scene, place: QRectF) -> bool:
    """Whether pixels run into each other: not in a tiny film that is enlarged, as long as it is not made smaller."""
    shrunk = side.image is not None and place.width() < side.image.width()
    return side.smooth or scene.enlarge == 1 or shrunk


def side_places(room: QRectF, scene: Scene, ratio: float) -> tuple[QRectF, QRectF]:
    """Where two pictures of a scene stand side by side, with room for captions under them."""
    half = (room.width() - GAP) / 2
    left = QRectF(room.left(), room.top(), half, room.height() - CAPTION)
    shape = picture_size(scene)
    first = fitted(left, shape, whole_pixels=scene.enlarge > 1, ratio=ratio)
    second = fitted(left.translated(half + GAP, 0), shape, whole_pixels=scene.enlarge > 1, ratio=ratio)
    return first, second


def picture_size(scene: Scene) -> QSizeF:
    """Size in pixels of the scene's picture, of the film when it has none."""
    image = next((side.image for side in scene.sides if side.image is not None and not side.smooth), None)
    return QSizeF(scene.size if image is None else image.size())


def difference(first: QImage, second: QImage) -> QImage:
    """How two pictures differ, pixel by pixel, four times brighter; the second is scaled to the first one's size."""
    result = first.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(QRectF(result.rect()), second)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    for _ in range(_BRIGHTER):
        painter.drawImage(0, 0, result.copy())
    painter.end()
    return result


def draw_caption(painter: QPainter, place: QRectF, side: Side, at: float = 0.5) -> None:
    """The name of a take and its stars, in one line in ``place``; ``at``: 0 = at the left, 0.5 centred, 1 = right."""
    metrics = QFontMetricsF(painter.font())
    stars = 74.0 if side.stars else 0.0
    text = metrics.elidedText(visible(side.caption), Qt.TextElideMode.ElideRight, max(0.0, place.width() - stars - 8))
    left = place.left() + (place.width() - metrics.horizontalAdvance(text) - stars) * at
    painter.setPen(theme().colour("on-picture"))
    painter.drawText(QRectF(left, place.top(), place.width(), place.height()), Qt.AlignmentFlag.AlignVCenter, text)
    if side.stars:
        right = left + metrics.horizontalAdvance(text) + 8
        draw_stars(painter, QRectF(right, place.center().y() - 7, 66, 14), side.stars, colour=on_picture("marker"))


def draw_badges(painter: QPainter, corner: QPointF, badges: tuple[Badge, ...], width: float) -> None:
    """Small labels from ``corner`` to the right, as many as fit into ``width``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics = QFontMetricsF(painter.font())
    left = corner.x()
    for badge in badges:
        room = corner.x() + width - left
        if room < 60:
            break
        text = metrics.elidedText(badge.text, Qt.TextElideMode.ElideRight, room - 18)
        box = QRectF(left, corner.y(), metrics.horizontalAdvance(text) + 18, metrics.height() + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("picture-backdrop", BADGE_OPACITY))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(on_picture(badge.tone))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        left = box.right() + 6
    painter.restore()


def draw_progress(painter: QPainter, place: QRectF, progress: float) -> None:
    """A thin bar along the lower edge of ``place``, filled up to ``progress``."""
    bar = QRectF(place.left(), place.bottom() - 4, place.width(), 4)
    painter.fillRect(bar, theme().colour("picture-backdrop", 0.7))
    bar.setWidth(place.width() * min(max(progress, 0.0), 1.0))
    painter.fillRect(bar, theme().colour("accent-fill"))


def draw_wipe_line(painter: QPainter, place: QRectF, x: float, *, focus: bool) -> None:
    """The line between the two pictures of a wipe, with a handle to drag."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("picture-backdrop", 0.6), 4))
    painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
    painter.setPen(QPen(theme().colour("on-picture"), 1.6))
    painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
    handle = QPointF(x, place.center().y())
    painter.setBrush(theme().colour("accent-fill"))
    painter.setPen(QPen(theme().colour("on-picture"), 3 if focus else 1.6))
    painter.drawEllipse(handle, 13, 13)
    painter.setPen(QPen(theme().colour("on-accent"), 1.8))
    for sign in (-1, 1):
        tip = QPointF(x + sign * 8, handle.y())
        painter.drawLine(tip, tip + QPointF(-sign * 4, -4))
        painter.drawLine(tip, tip + QPointF(-sign * 4, 4))
    painter.restore()
