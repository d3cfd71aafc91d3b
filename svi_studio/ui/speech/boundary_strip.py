"""The whole sound of a film as a strip, with lines where clips would begin; a click goes there."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.speech.strip_shape import strip_heights
from svi_studio.domain.film.sound_marks import Span
from svi_studio.domain.film.sound_time import exact_rate, frame_of, sample_of
from svi_studio.ui.theme import theme

_HEIGHT = 112
_EDGE = 6.0
_NUMBERS_FROM = 26.0  # pixels between two lines, below which clips have no numbers


class BoundaryStrip(QWidget):
    """``show_places`` draws; times are samples of the film."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._places: tuple[int, ...] = ()
        self._speech: tuple[Span, ...] = ()
        self._samples = 0
        self._heights: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_HEIGHT)
        self.setAccessibleName(self.tr("Where clips would begin"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme().changed.connect(self.update)
        film.playhead.moved.connect(self.update)
        film.sounds.changed.connect(self._measure)
        film.sounds.mix_changed.connect(self._measure)

    def show_places(self, places: Sequence[int], speech: Sequence[Span], samples: int) -> None:
        """Lines at ``places``, a ground under ``speech``; the strip shows so many ``samples``."""
        self._places, self._speech = tuple(places), tuple(speech)
        if samples != self._samples:
            self._samples = samples
            self._measure()
        self.setAccessibleDescription(self.tr("{count} places").format(count=len(self._places)))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(640, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns."""
        super().resizeEvent(event)
        self._measure()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The film goes there."""
        if event.button() == Qt.MouseButton.LeftButton and self._samples:
            share = (event.position().x() - _EDGE) / max(1.0, self.width() - 2 * _EDGE)
            sample = round(min(max(share, 0.0), 1.0) * self._samples)
            self._film.playhead.set_frame(frame_of(sample, exact_rate(self._film.playhead.fps)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, speech, sound, lines, playhead."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("border"), 1))
        painter.setBrush(theme().colour("timeline-lane"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if not self._samples:
            return
        for span in self._speech:
            left, right = self._x(span.start), self._x(span.stop)
            ground = QRectF(left, 5, max(1.0, right - left), self.height() - 10)
            painter.fillRect(ground, theme().colour("sound-body"))
        self._draw_sound(painter)
        self._draw_lines(painter)
        here = self._x(sample_of(self._film.playhead.frame, exact_rate(self._film.playhead.fps)))
        painter.setPen(QPen(theme().colour("playhead"), 1.4))
        painter.drawLine(QPointF(here, 1), QPointF(here, self.height() - 2))

    def _draw_sound(self, painter: QPainter) -> None:
        middle, half = self.height() / 2, self.height() / 2 - 16
        painter.setPen(QPen(theme().colour("sound"), 1))
        for place, height in enumerate(self._heights):
            reach = max(0.5, height * half)
            x = _EDGE + place + 0.5
            painter.drawLine(QPointF(x, middle - reach), QPointF(x, middle + reach))

    def _draw_lines(self, painter: QPainter) -> None:
        edges = [0, *self._places, self._samples]
        xs = [self._x(edge) for edge in edges]
        painter.setPen(QPen(theme().colour("accent"), 1.6))
        for x in xs[1:-1]:
            painter.drawLine(QPointF(x, 4), QPointF(x, self.height() - 5))
        font = painter.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        painter.setFont(font)
        painter.setPen(theme().colour("text-dim"))
        if min((two - one for one, two in pairwise(xs)), default=0.0) < _NUMBERS_FROM:
            return
        for number, x in enumerate(xs[:-1], start=1):
            painter.drawText(QPointF(x + 4, 15), str(number))

    def _x(self, sample: int) -> float:
        return _EDGE + sample / self._samples * (self.width() - 2 * _EDGE)

    def _measure(self) -> None:
        self._heights = strip_heights(self._film, self._samples, max(0, round(self.width() - 2 * _EDGE)))
        self.update()
