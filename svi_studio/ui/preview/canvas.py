"""The picture in the window: one or two pictures in a dark surround, fitted or zoomed, and the line of a wipe."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.preview.scene import Layout, Scene, Side, Words
from svi_studio.document.skeleton.pose import Pose
from svi_studio.ui.preview import scene_painter
from svi_studio.ui.preview.picture_fit import centred, fitted, kept_visible, next_zoom
from svi_studio.ui.skeleton.pose_painter import draw_pose, in_film
from svi_studio.ui.theme import theme

MARGIN = 3.0
GRIP = 10.0  # pixels on both sides of the wipe's line that take hold of it
WIPE_STEP = 0.02
_WIPE_KEYS = {Qt.Key.Key_Left: -WIPE_STEP, Qt.Key.Key_Right: WIPE_STEP}


class Canvas(QWidget):
    """Draws a Scene. ``zoom`` 0 fits the whole picture; 1 is its size for viewing, pixel by pixel of the screen."""

    zoom_changed = Signal(float)
    full_screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Picture"))
        self._scene = Scene()
        self._zoom = 0.0
        self._pan = QPointF()
        self._wipe = 0.5
        self._held: QPointF | None = None
        self._wiping = False
        self._difference: tuple[tuple[int, int], QImage] | None = None
        self._is_covered = False
        self._pose: Pose | None = None
        self._pose_opacity = 1.0
        theme().changed.connect(self.update)

    @property
    def scene(self) -> Scene:
        """What is shown now."""
        return self._scene

    @property
    def zoom(self) -> float:
        """How large the picture is: 1 as it is meant to be viewed, 0 as large as there is room."""
        return self._zoom

    @property
    def wipe(self) -> float:
        """Where the line of a wipe stands: 0 at the left edge of the picture, 1 at the right one."""
        return self._wipe

    def show_scene(self, scene: Scene) -> None:
        """Draws this from now on."""
        self._scene = scene
        if scene.layout != Layout.DIFFERENCE:
            self._difference = None
        self.update()

    def show_pose(self, pose: Pose | None, opacity: float = 1.0) -> None:
        """Lays a skeleton over the film's picture, 0 to 1 strongly; None = nothing."""
        if (pose, opacity) != (self._pose, self._pose_opacity):
            self._pose, self._pose_opacity = pose, opacity
            self.update()

    def set_covered(self, covered: bool) -> None:
        """Sets whether a card covers the picture: the words of the scene are not drawn then."""
        if covered != self._is_covered:
            self._is_covered = covered
            self.update()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zooms, 0 = fit; what lies under the place ``at`` stays there."""
        before = self.picture_place()
        self._zoom = zoom
        if zoom == 0:
            self._pan = QPointF()
        elif at is not None and not before.isEmpty():
            share = QPointF((at.x() - before.left()) / before.width(), (at.y() - before.top()) / before.height())
            size = self._zoomed_size(zoom)
            middle = QPointF(at.x() + (0.5 - share.x()) * size[0], at.y() + (0.5 - share.y()) * size[1])
            self._pan = middle - self._room().center()
        self._hold_pan()
        self.zoom_changed.emit(zoom)
        self.update()

    def zoom_by(self, direction: int, at: QPointF | None = None) -> None:
        """One step larger (1) or smaller (-1)."""
        self.set_zoom(next_zoom(self._shown_zoom(), direction), at)

    def set_wipe(self, wipe: float) -> None:
        """Moves the line of a wipe."""
        self._wipe = min(max(wipe, 0.0), 1.0)
        self.update()

    def picture_place(self) -> QRectF:
        """Where the picture stands in this widget, in logical pixels; the left one when two stand side by side."""
        room, scene, ratio = self._room(), self._scene, self.devicePixelRatioF()
        if scene.layout == Layout.SIDE_BY_SIDE:
            return scene_painter.side_places(room, scene, ratio)[0]
        if self._zoom == 0:
            if scene.layout != Layout.SINGLE:
                room.setBottom(room.bottom() - scene_painter.CAPTION)
            size = scene_painter.picture_size(scene)
            return fitted(room, size, whole_pixels=scene.enlarge > 1, ratio=ratio)
        width, height = self._zoomed_size(self._zoom)
        return centred(room, QRectF(0, 0, width, height).size(), self._pan, ratio)

    def sizeHint(self) -> QSize:
        """Room for a film of 960 x 576."""
        return QSize(960, 576)

    def minimumSizeHint(self) -> QSize:
        """The smallest size at which one sees what the picture shows."""
        return QSize(200, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the scene."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("picture-backdrop"))
        place = self.picture_place()
        if place.isEmpty():
            return
        match self._scene.layout:
            case Layout.SINGLE:
                side = self._scene.sides[0]
                shown = replace(side, words=Words()) if self._is_covered else side
                scene_painter.draw_picture(painter, place, shown, self._scene)
                scene_painter.draw_subtitles(painter, place, self._scene)
            case Layout.SIDE_BY_SIDE:
                self._draw_side_by_side(painter)
            case Layout.WIPE:
                self._draw_wipe(painter, place)
            case Layout.DIFFERENCE:
                self._draw_difference(painter, place)
        self._draw_pose(painter, place)
        inside = place.intersected(self._room())
        if self._scene.progress is not None:
            scene_painter.draw_progress(painter, inside, self._scene.progress)
        scene_painter.draw_badges(painter, inside.topLeft() + QPointF(8, 8), self._scene.badges, inside.width() - 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture stays in sight."""
        super().resizeEvent(event)
        self._hold_pan()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom at the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or event.angleDelta().y() == 0:
            event.ignore()
            return
        self.zoom_by(1 if event.angleDelta().y() > 0 else -1, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the wipe's line, or of a zoomed picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._wiping = self._is_on_line(event.position())
            self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags what is held."""
        if self._held is None:
            on_line = self._is_on_line(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_line else Qt.CursorShape.ArrowCursor)
        elif self._wiping:
            place = self.picture_place()
            self.set_wipe((event.position().x() - place.left()) / place.width())
        elif self._zoom > 0:
            self._pan += event.position() - self._held
            self._held = event.position()
            self._hold_pan()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Lets go."""
        self._held, self._wiping = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click fills the screen."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_on_line(event.position()):
            self.full_screen_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and the arrows move the wipe's line."""
        step = _WIPE_KEYS.get(Qt.Key(event.key()))
        if step and self._scene.layout == Layout.WIPE and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_wipe(self._wipe + step)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draws anew in another font or style."""
        super().changeEvent(event)
        self.update()

    def _room(self) -> QRectF:
        margin = 0.0 if self._zoom else MARGIN
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def _zoomed_size(self, zoom: float) -> tuple[float, float]:
        factor = self._scene.enlarge * zoom / self.devicePixelRatioF()
        return self._scene.size.width() * factor, self._scene.size.height() * factor

    def _shown_zoom(self) -> float:
        """The zoom in force, worked out when the picture is fitted."""
        return self._zoom or self.picture_place().width() / max(1.0, self._zoomed_size(1.0)[0])

    def _hold_pan(self) -> None:
        if self._zoom > 0:
            width, height = self._zoomed_size(self._zoom)
            self._pan = kept_visible(self._room(), QRectF(0, 0, width, height).size(), self._pan)

    def _is_on_line(self, position: QPointF) -> bool:
        if self._scene.layout != Layout.WIPE:
            return False
        place = self.picture_place()
        x = place.left() + self._wipe * place.width()
        return abs(position.x() - x) <= GRIP and place.top() <= position.y() <= place.bottom()

    def _draw_pose(self, painter: QPainter, place: QRectF) -> None:
        """Draws the skeleton where the model has it: in film coordinates, over each picture."""
        if self._pose is None:
            return
        places: tuple[QRectF, ...] = (place,)
        if self._scene.layout == Layout.SIDE_BY_SIDE:
            places = scene_painter.side_places(self._room(), self._scene, self.devicePixelRatioF())
        film = (self._scene.size.width(), self._scene.size.height())
        painter.save()
        painter.setOpacity(self._pose_opacity)
        for each in places:
            painter.setClipRect(each)
            draw_pose(painter, self._pose, in_film(self._pose.canvas, film, each), halo=True)
        painter.restore()

    def _draw_side_by_side(self, painter: QPainter) -> None:
        places = scene_painter.side_places(self._room(), self._scene, self.devicePixelRatioF())
        for place, side in zip(places, self._scene.sides, strict=True):
            scene_painter.draw_picture(painter, place, side, self._scene)
            scene_painter.draw_caption(painter, _under(place), side)

    def _draw_wipe(self, painter: QPainter, place: QRectF) -> None:
        x = round(place.left() + self._wipe * place.width())
        first, second = self._scene.sides
        for side, left, right in ((first, place.left(), x), (second, x, place.right())):
            painter.save()
            painter.setClipRect(QRectF(left, place.top(), right - left, place.height()))
            scene_painter.draw_picture(painter, place, side, self._scene)
            painter.restore()
        scene_painter.draw_wipe_line(painter, place, x, focus=self.hasFocus())
        self._draw_captions(painter, place)

    def _draw_difference(self, painter: QPainter, place: QRectF) -> None:
        first, second = self._scene.sides
        if first.image is None or second.image is None:
            scene_painter.draw_picture(painter, place, first if first.image is None else second, self._scene)
            return
        pair = (first.image.cacheKey(), second.image.cacheKey())
        if self._difference is None or self._difference[0] != pair:
            self._difference = (pair, scene_painter.difference(first.image, second.image))
        scene_painter.draw_picture(painter, place, Side(self._difference[1]), self._scene)
        self._draw_captions(painter, place)

    def _draw_captions(self, painter: QPainter, place: QRectF) -> None:
        """Under one place: the first take at the left, the second one at the right."""
        under = _under(place)
        if under.bottom() > self.height():
            under.moveBottom(self.height())
        half = QRectF(under.left(), under.top(), under.width() / 2 - 6, under.height())
        scene_painter.draw_caption(painter, half, self._scene.sides[0], at=0.0)
        scene_painter.draw_caption(painter, half.translated(half.width() + 12, 0), self._scene.sides[1], at=1.0)


def _under(place: QRectF) -> QRectF:
    """The strip for a caption below a picture."""
    return QRectF(place.left(), place.bottom() + 2, place.width(), scene_painter.CAPTION - 4)
