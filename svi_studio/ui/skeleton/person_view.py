"""A picture of a video in which the user clicks the dancer; those who were found have a frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from svi_studio.domain.poses.search_events import PersonBox
from svi_studio.ui.pictures.picture_view import PictureView
from svi_studio.ui.theme import theme


class PersonView(PictureView):
    """``chosen`` carries x and y in pixels of the video."""

    chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((16, 9), "", parent)
        self.waiting = self.tr("Reading the video…")
        self._people: tuple[PersonBox, ...] = ()
        self._point: QPointF | None = None
        self._mouse: QPointF | None = None
        self.setAccessibleName(self.tr("Picture of the video"))
        self.setAccessibleDescription(
            self.tr("Click the dancer, or choose with the arrows one of those who were found")
        )

    def show_words(self, words: str) -> None:
        """Nothing but words."""
        self.image, self.waiting = None, words
        self.update()

    def show_picture(self, image: QImage | None, video: tuple[int, int]) -> None:
        """Shows a picture of a video of (width, height) pixels."""
        self.image, self.picture = image, video
        self.update()

    def show_people(self, people: tuple[PersonBox, ...], point: tuple[float, float] | None) -> None:
        """Frames those who were found; ``point`` is on the one who was chosen, if it is in this picture."""
        self._people, self._point = people, None if point is None else QPointF(*point)
        self.update()

    def sizeHint(self) -> QSize:
        """Large enough to tell people apart."""
        return QSize(720, 420)

    def paint_over(self, painter: QPainter, _room: QRectF) -> None:
        """Frames round people, the chosen one in colour."""
        chosen = self._chosen_box()
        for box in self._people:
            self._draw_box(painter, self._on_screen(box), is_chosen=box is chosen)
        if self._point is not None and chosen is None:
            self._draw_point(painter, self._to_screen(self._point))

    def _draw_box(self, painter: QPainter, box: QRectF, *, is_chosen: bool) -> None:
        hovered = self._mouse is not None and box.contains(self._mouse)
        painter.setBrush(theme().colour("accent-fill", 0.25) if is_chosen else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().colour("picture-backdrop", 0.7), 5))
        painter.drawRoundedRect(box, 6, 6)
        colour = theme().colour("accent-fill" if is_chosen else "on-picture")
        painter.setPen(QPen(colour.lighter(130) if is_chosen else colour, 3 if is_chosen or hovered else 1.6))
        painter.drawRoundedRect(box, 6, 6)

    def _draw_point(self, painter: QPainter, at: QPointF) -> None:
        for colour, width in ((theme().colour("picture-backdrop", 0.7), 5.0), (theme().colour("on-picture"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(at, 14, 14)
            painter.drawLine(at - QPointF(20, 0), at + QPointF(20, 0))
            painter.drawLine(at - QPointF(0, 20), at + QPointF(0, 20))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses who is there."""
        if event.button() == Qt.MouseButton.LeftButton and self.image is not None:
            room = self.room()
            if room.contains(event.position()):
                place = (event.position() - room.topLeft()) * (self.picture[0] / room.width())
                self.chosen.emit(place.x(), place.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The frame under the mouse answers."""
        self._mouse = event.position()
        inside = self.image is not None and self.room().contains(self._mouse)
        self.setCursor(Qt.CursorShape.PointingHandCursor if inside else Qt.CursorShape.ArrowCursor)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from one person to the next."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._people:
            super().keyPressEvent(event)
            return
        people = sorted(self._people)
        chosen = self._chosen_box()
        place = people.index(chosen) + step if chosen is not None else 0
        left, top, width, height, _ = people[place % len(people)]
        self.chosen.emit(left + width / 2, top + height / 2)

    def _chosen_box(self) -> PersonBox | None:
        """The smallest frame round the chosen point."""
        if self._point is None:
            return None
        x, y = self._point.x(), self._point.y()
        around = [box for box in self._people if box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]]
        return min(around, key=lambda box: box[2] * box[3], default=None)

    def _to_screen(self, point: QPointF) -> QPointF:
        room = self.room()
        return room.topLeft() + point * (room.width() / self.picture[0])

    def _on_screen(self, box: PersonBox) -> QRectF:
        left, top, width, height, _ = box
        return QRectF(self._to_screen(QPointF(left, top)), self._to_screen(QPointF(left + width, top + height)))
