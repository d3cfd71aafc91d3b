"""One to five stars for a take: by mouse, by number keys, by arrows."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.ui.theme import theme

MOST = 5
SIDE = 18
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


def draw_stars(
    painter: QPainter, room: QRectF, stars: int, strength: float = 1.0, colour: QColor | None = None
) -> None:
    """Draws five stars into ``room``, left to right, ``stars`` of them filled. ``strength`` is their opacity.

    ``colour`` takes the place of the theme's, for stars on a picture.
    """
    side = min(room.height(), room.width() / MOST)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(MOST):
        filled = number < stars
        shade = colour or theme().colour("marker" if filled else "border-strong", strength)
        painter.setPen(QPen(shade, 1.2))
        painter.setBrush(shade if filled else Qt.BrushStyle.NoBrush)
        centre = QPointF(room.left() + (number + 0.5) * side, room.center().y())
        painter.drawPolygon(_star(centre, side * 0.4))
    painter.restore()


def star_at(x: float, side: float) -> int:
    """Which star, 1 to 5, lies ``x`` pixels from the left when each is ``side`` wide."""
    return min(max(int(x // side) + 1, 1), MOST)


def _star(centre: QPointF, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        points.append(QPointF(centre.x() + reach * math.cos(angle), centre.y() + reach * math.sin(angle)))
    return QPolygonF(points)


class StarRating(QWidget):
    """A rating 0 (none) to 5. ``rated`` comes when the user gave another; a click on the last star takes it away."""

    rated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stars = 0
        self._hovered = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Rating"))
        self.show_value(0)
        theme().changed.connect(self.update)

    @property
    def value(self) -> int:
        """The rating that is shown."""
        return self._stars

    def show_value(self, stars: int) -> None:
        """Shows a rating without telling anybody."""
        self._stars = stars
        words = self.tr("%n of 5 stars", "", stars) if stars else self.tr("Not rated")
        self.setAccessibleDescription(words)
        tip = self.tr("{rating}. Click a star, or press 1 to 5; 0 clears the rating.")
        self.setToolTip(tip.format(rating=words))
        self.update()

    def sizeHint(self) -> QSize:
        """Five stars."""
        return QSize(MOST * SIDE, SIDE + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the stars; those under the mouse show what a click would give."""
        painter = QPainter(self)
        strength = 1.0 if self.isEnabled() else 0.5
        draw_stars(painter, QRectF(self.rect()), self._hovered or self._stars, strength)
        if self.hasFocus():
            painter.setPen(QPen(theme().colour("focus"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows what a click here would give."""
        self._hovered = star_at(event.position().x(), SIDE)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Shows the real rating again."""
        self._hovered = 0
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Gives that many stars."""
        if event.button() == Qt.MouseButton.LeftButton:
            stars = star_at(event.position().x(), SIDE)
            self._rate(0 if stars == self._stars else stars)
            self._hovered = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Number keys give stars, arrows one more or one less."""
        if event.text() in tuple("012345"):
            self._rate(int(event.text()))
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            self._rate(min(self._stars + 1, MOST))
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            self._rate(max(self._stars - 1, 0))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps these keys from the window's shortcuts while the stars have the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def _rate(self, stars: int) -> None:
        if stars != self._stars:
            self.show_value(stars)
            self.rated.emit(stars)


def _is_own(event: QKeyEvent) -> bool:
    return event.text() in tuple("012345") or event.key() in _ARROWS
