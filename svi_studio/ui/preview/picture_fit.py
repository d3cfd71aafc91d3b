"""Where a picture stands in the room it has: whole and centred, or at a zoom with a part of it in sight."""

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF

ZOOM_STEPS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def fitted(room: QRectF, picture: QSizeF, *, whole_pixels: bool, ratio: float = 1.0) -> QRectF:
    """The largest place for ``picture`` in ``room`` that keeps its shape, centred; sizes in logical pixels.

    ``whole_pixels``: every pixel of the picture becomes a whole number of the screen's, when there is room for one;
    ``ratio`` is how many of these a logical pixel has.
    """
    if picture.isEmpty() or room.isEmpty():
        return QRectF()
    factor = min(room.width() / picture.width(), room.height() / picture.height())
    if whole_pixels and factor * ratio >= 1:
        factor = math.floor(factor * ratio) / ratio
    return centred(room, picture * factor, QPointF(), ratio)


def centred(room: QRectF, size: QSizeF, pan: QPointF, ratio: float = 1.0) -> QRectF:
    """A place of ``size`` with its middle ``pan`` away from that of ``room``, its corner on a pixel of the screen."""
    left = room.center().x() - size.width() / 2 + pan.x()
    top = room.center().y() - size.height() / 2 + pan.y()
    return QRectF(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), size)


def kept_visible(room: QRectF, size: QSizeF, pan: QPointF) -> QPointF:
    """``pan``, held back so that a larger picture fills the room and a smaller one stays in the middle."""
    spare = QPointF(max(0.0, (size.width() - room.width()) / 2), max(0.0, (size.height() - room.height()) / 2))
    return QPointF(
        min(max(pan.x(), -spare.x()), spare.x()),
        min(max(pan.y(), -spare.y()), spare.y()),
    )


def next_zoom(zoom: float, direction: int) -> float:
    """The next step from ``zoom`` on, upwards for a ``direction`` of 1, downwards for -1."""
    if direction > 0:
        return next((step for step in ZOOM_STEPS if step > zoom * 1.01), ZOOM_STEPS[-1])
    return next((step for step in reversed(ZOOM_STEPS) if step < zoom * 0.99), ZOOM_STEPS[0])
