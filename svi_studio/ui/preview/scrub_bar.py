"""The film as one line under the picture: drag to scrub, frame by frame."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from svi_studio.document.film.playhead import Playhead
from svi_studio.domain.film.timecode import frames_a_second, timecode
from svi_studio.ui.theme import theme

SIDE = 10.0
CLOSEST = 6.0  # pixels between two seams; closer ones would be a grey bar
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1}


class ScrubBar(QAbstractSlider):
    """A slider over the film, or over the part of it that is played, bound to the playhead."""

    scrubbed = Signal(int)
    """The user wants this film frame."""

    def __init__(self, playhead: Playhead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playhead = playhead
        self._limits: tuple[int, int] | None = None
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Position in the film"))
        playhead.moved.connect(self.setValue)
        playhead.range_changed.connect(self.update)
        playhead.time_changed.connect(self._measure)
        theme().changed.connect(self.update)
        self._measure()

    def set_limits(self, limits: tuple[int, int] | None) -> None:
        """Shows only these film frames, first and last; None = the whole film."""
        self._limits = limits
        self._measure()

    def frame_at(self, x: float) -> int:
        """The film frame at ``x`` pixels from the left."""
        share = (x - SIDE) / max(1.0, self.width() - 2 * SIDE)
        return self.minimum() + round(min(max(share, 0.0), 1.0) * (self.maximum() - self.minimum()))

    def x_of(self, frame: float) -> float:
        """Where a film frame stands, in pixels from the left."""
        length = max(1, self.maximum() - self.minimum())
        return SIDE + (frame - self.minimum()) / length * (self.width() - 2 * SIDE)

    def sizeHint(self) -> QSize:
        """A slim line."""
        return QSize(300, 24)

    def minimumSizeHint(self) -> QSize:
        """See ``sizeHint``."""
        return QSize(120, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A groove with seams, the range, what lies behind, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(SIDE, self.height() / 2 - 3, self.width() - 2 * SIDE, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("pressed"))
        painter.drawRoundedRect(groove, 3, 3)
        x = self.x_of(self.value())
        painter.setBrush(theme().colour("accent-fill", 0.55))
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), x - groove.left(), groove.height()), 3, 3)
        self._draw_seams(painter, groove)
        self._draw_range(painter, groove)
        self._draw_handle(painter, QPointF(x, groove.center().y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes there at once, and on while the button is held."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._scrub(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub, or say which frame lies under the pointer."""
        if self.isSliderDown():
            self._scrub(event.position().x())
        else:
            text = timecode(self.frame_at(event.position().x()), self._playhead.time.fps)
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Lets go."""
        self.setSliderDown(False)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go by frames, with Shift and the page keys by seconds, Home and End to the ends."""
        second = frames_a_second(self._playhead.time.fps)
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step:
            step *= second if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.scrubbed.emit(self.value() + step)
        elif event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.scrubbed.emit(self.value() + (second if event.key() == Qt.Key.Key_PageUp else -second))
        elif event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.scrubbed.emit(self.minimum() if event.key() == Qt.Key.Key_Home else self.maximum())
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel goes frame by frame."""
        if event.angleDelta().y():
            self.scrubbed.emit(self.value() + (-1 if event.angleDelta().y() > 0 else 1))

    def event(self, event: QEvent) -> bool:
        """Draws the handle larger while the pointer is near."""
        if event.type() in {QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().event(event)

    def _scrub(self, x: float) -> None:
        self.scrubbed.emit(self.frame_at(x))

    @Slot()
    def _measure(self) -> None:
        first, last = self._limits or (0, self._playhead.last_frame)
        self.setRange(first, max(first, last))
        self.setPageStep(frames_a_second(self._playhead.time.fps))
        self.setValue(self._playhead.frame)
        self.setEnabled(last > first)
        self.update()

    def _draw_seams(self, painter: QPainter, groove: QRectF) -> None:
        clips = self._playhead.time.clips
        if len(clips) * CLOSEST > groove.width():
            return
        painter.setPen(QPen(theme().colour("panel"), 2))
        for clip in clips[1:]:
            if self.minimum() < clip.start < self.maximum():
                x = round(self.x_of(clip.start))
                painter.drawLine(QPointF(x, groove.top()), QPointF(x, groove.bottom()))

    def _draw_range(self, painter: QPainter, groove: QRectF) -> None:
        first, last = self._playhead.in_frame, self._playhead.out_frame
        if first is None and last is None:
            return
        left = self.x_of(max(self.minimum(), first or 0))
        right = self.x_of(min(self.maximum(), self.maximum() if last is None else last))
        painter.setPen(QPen(theme().colour("range"), 2))
        painter.drawLine(QPointF(left, groove.bottom() + 4), QPointF(right, groove.bottom() + 4))
        for x, here in ((left, first is not None), (right, last is not None)):
            if here:
                painter.drawLine(QPointF(x, groove.top() - 4), QPointF(x, groove.bottom() + 4))

    def _draw_handle(self, painter: QPainter, centre: QPointF) -> None:
        near = self.underMouse() or self.isSliderDown() or self.hasFocus()
        painter.setPen(QPen(theme().colour("focus" if self.hasFocus() else "panel"), 2))
        painter.setBrush(theme().colour("playhead"))
        radius = 8 if near else 6.5
        painter.drawEllipse(centre, radius, radius)
