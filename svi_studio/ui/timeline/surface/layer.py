"""A picture of the lanes as they were last painted: moved when the view scrolls, stretched when it zooms, and brought
up to date piece by piece, so that no frame takes long whatever there is to paint."""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from svi_studio.document.timeline.scale import TimeScale

PIECE = 128
"""Pixels that one piece is wide: painting one takes a millisecond or two."""
SECONDS_PER_FRAME = 0.004
SECONDS_AT_FIRST = 0.5


class Layer:
    """Sizes and rectangles are logical pixels of the view. ``ground`` is shown where nothing was painted yet."""

    def __init__(
        self, paint: Callable[[QPainter, QRect], None], ground: QColor | Qt.GlobalColor = Qt.GlobalColor.black
    ) -> None:
        self.ground = ground
        self._paint = paint
        self._pixmap = QPixmap()
        self._size = QSize()
        self._ratio = 1.0
        self._stale = QRegion()
        self._due = QRegion()  # the part of it that may not be shown as it is

    @property
    def stale(self) -> QRegion:
        """The regions that have to be painted again."""
        return self._stale

    def fit(self, size: QSize, ratio: float) -> float:
        """Resizes the layer to the view, on a screen of this device pixel ratio; returns the seconds to paint for now.

        What was painted stays until it is painted anew, as high as the view is now; what comes into view at the right
        is painted with the next ``refresh``. The first painting is a whole one.
        """
        if (size, ratio) == (self._size, self._ratio):
            return SECONDS_PER_FRAME
        before, kept = self._pixmap, QRect(0, 0, self._size.width(), size.height())
        self._size, self._ratio = QSize(size), ratio
        self._pixmap = self._new_pixmap()
        self._stale = QRegion(self._all())
        if before.isNull():
            return SECONDS_AT_FIRST
        painter = QPainter(self._pixmap)
        painter.drawPixmap(QRectF(kept), before, QRectF(before.rect()))
        painter.end()
        old = QRegion(kept).subtracted(self._due)
        self._due = self._stale.subtracted(old)
        return SECONDS_PER_FRAME

    def renew(self) -> None:
        """Discards everything that was painted, for another theme for example: the next ``refresh`` paints all."""
        self.invalidate()
        self._due = QRegion(self._stale)

    def invalidate(self, rect: QRect | None = None) -> None:
        """Paints ``rect`` again, None = everything."""
        if not self._pixmap.isNull():  # what was never painted is stale anyway
            whole = self._all()
            self._stale = self._stale.united(whole if rect is None else rect.intersected(whole))

    def scroll(self, pixels: int) -> None:
        """Moves everything ``pixels`` to the right; what comes into view is stale."""
        device = pixels * self._ratio
        if abs(pixels) >= self._size.width() or self._pixmap.isNull():
            self.invalidate()
            return
        if device != int(device):  # on such a screen nothing moves by whole pixels: it has to be painted anew
            self._redraw(QRectF(pixels, 0, self._size.width(), self._size.height()))
            return
        self._pixmap.scroll(int(device), 0, self._pixmap.rect())
        whole = self._all()
        self._stale = self._stale.translated(pixels, 0).intersected(whole)
        self._stale = self._stale.united(QRegion(whole).subtracted(QRegion(whole.translated(pixels, 0))))
        if not self._due.isEmpty():
            self.renew()

    def stretch(self, before: TimeScale, after: TimeScale) -> None:
        """Stretches what was painted at another zoom, until it is painted anew."""
        factor = after.pixels_per_frame / before.pixels_per_frame
        left = before.offset * factor - after.offset
        self._redraw(QRectF(left, 0, self._size.width() * factor, self._size.height()))

    def _redraw(self, target: QRectF) -> None:
        """Shows what was painted in ``target`` until it is painted anew."""
        if self._pixmap.isNull():
            return  # nothing was painted yet
        moved = self._new_pixmap()
        painter = QPainter(moved)
        painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))
        painter.end()
        self._pixmap = moved
        self.invalidate()
        if not self._due.isEmpty():
            self.renew()

    def refresh(self, focus: int, seconds: float = SECONDS_PER_FRAME) -> bool:
        """Paints stale pieces, those near the pixel ``focus`` first, for so many seconds; True = nothing is stale.

        What may not be shown as it is comes first and is painted whatever time that takes.
        """
        if self._stale.isEmpty():
            return True
        until = perf_counter() + seconds
        painter = QPainter(self._pixmap)
        for strip in sorted(self._strips(), key=lambda strip: self._rank(strip, focus)):
            piece = self._stale.intersected(strip)
            if piece.isEmpty():
                continue
            box = piece.boundingRect()
            painter.setClipRect(box)
            self._paint(painter, box)
            self._stale = self._stale.subtracted(box)
            self._due = self._due.subtracted(box)
            if self._due.isEmpty() and perf_counter() > until:
                break
        painter.end()
        return self._stale.isEmpty()

    def show(self, painter: QPainter, rect: QRect) -> None:
        """Copies ``rect`` to the screen."""
        source = QRectF(rect.x() * self._ratio, 0, rect.width() * self._ratio, rect.height() * self._ratio)
        source.moveTop(rect.y() * self._ratio)
        painter.drawPixmap(QRectF(rect), self._pixmap, source)

    def _rank(self, strip: QRect, focus: int) -> tuple[bool, int]:
        return not self._due.intersects(strip), abs(strip.center().x() - focus)

    def _strips(self) -> list[QRect]:
        box = self._stale.boundingRect()
        first = box.left() // PIECE * PIECE
        return [QRect(x, 0, PIECE, self._size.height()) for x in range(first, box.right() + 1, PIECE)]

    def _all(self) -> QRect:
        return QRect(0, 0, self._size.width(), self._size.height())

    def _new_pixmap(self) -> QPixmap:
        pixmap = QPixmap(self._size * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(self.ground)  # opaque: copying it to the screen blends nothing
        return pixmap
