"""The painted surface of the timeline: only what is in view is drawn, and only what changed is drawn again."""

from dataclasses import replace
from math import log

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.open_film import OpenFilm
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.brush import Brush
from svi_studio.ui.timeline.card_cache import CardCache
from svi_studio.ui.timeline.card_source import CardSource
from svi_studio.ui.timeline.hit import Hit, Part, Scene
from svi_studio.ui.timeline.lanes import MIN_HEIGHT, lanes
from svi_studio.ui.timeline.layer import Layer
from svi_studio.ui.timeline.overlay import Overlay
from svi_studio.ui.timeline.paint_anchors import paint_anchors
from svi_studio.ui.timeline.paint_clips import paint_clips, paint_hover
from svi_studio.ui.timeline.paint_overlay import paint_overlay
from svi_studio.ui.timeline.paint_time import (
    paint_markers,
    paint_playhead,
    paint_range,
    paint_ruler,
    playhead_rect,
)
from svi_studio.ui.timeline.paints import make_paints
from svi_studio.ui.timeline.scale import TimeScale, clamp, comfortable, fitted, max_offset, zoom_limits

WHEEL_ZOOM = 1.25
KEEP_VISIBLE = 48
"""Pixels that stay between the playhead and the edge when the view follows it."""


EMPTY_SCALE = 4.0
"""Pixels per frame while there is no clip yet."""
MANY = 100
"""When more clips look different at once, everything is painted anew."""
HOVER_REACH = 120
"""Pixels around the mouse that a hover can change."""
_ANSWERING = {Part.SEAM, Part.ADD, Part.ANCHOR, Part.MARKER}
_LANE_PAINTERS = (paint_ruler, paint_markers, paint_clips, paint_anchors)


class TimelineCanvas(QWidget):
    """Shows a film at a scale. Gestures, drops and keys reach it through ``TimelineView``."""

    scale_changed = Signal()

    def __init__(self, source: CardSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self.film: OpenFilm = source.film
        self.snapping = True
        self.overlay = Overlay()
        self.hover = Hit(Part.EMPTY)
        self._hover_x = 0
        self._cache = CardCache()
        self._paints = make_paints(self.font())
        self._moved_marker: tuple[int | None, int] = (None, 0)
        self._selected = frozenset(self.film.selection.ids)
        self._current = self.film.selection.current
        self._fresh = True
        self.scene = Scene(source.layout, TimeScale(EMPTY_SCALE), lanes(self.height()))
        self._layer = Layer(self._paint_lanes, self._paints.ground)
        self._focus = 0
        self._finisher = QTimer(self)
        self._finisher.setSingleShot(True)
        self._finisher.setInterval(0)
        self._finisher.timeout.connect(self._finish)
        self.setMouseTracking(True)
        self.setMinimumSize(240, MIN_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._listen()
        self._remake()

    def _listen(self) -> None:
        self.source.relaid.connect(self._relaid)
        self.source.changed.connect(self._cards_changed)
        self.film.selection.changed.connect(self._selection_changed)
        self.film.playhead.moved.connect(self._playhead_moved)
        self.film.playhead.range_changed.connect(self._range_changed)
        theme().changed.connect(self._repaint_all)

    # Where the view stands

    @property
    def scale(self) -> TimeScale:
        """Zoom and scroll of the view."""
        return self.scene.scale

    def set_scale(self, scale: TimeScale) -> None:
        """Show the film at another zoom or place, kept within its ends."""
        scale = scale.scrolled(scale.offset, self.scene.layout.frames, self.width())
        before = self.scale
        if scale == before:
            return
        self.scene = replace(self.scene, scale=scale)
        if scale.pixels_per_frame == before.pixels_per_frame:
            self._layer.scroll(before.offset - scale.offset)
        else:
            self._layer.stretch(before, scale)
        self.update()
        self.scale_changed.emit()

    def scroll_by(self, pixels: int) -> None:
        """Move the view ``pixels`` along the film, to the right when positive."""
        self.set_scale(TimeScale(self.scale.pixels_per_frame, self.scale.offset + pixels))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zoom so that what lies at pixel ``x`` stays there; None = around the playhead, or the middle of the view."""
        if x is None:
            x = self.scale.x(self.scene.playhead)
            x = x if 0 <= x <= self.width() else self.width() / 2
        self._focus = int(x)
        self.set_scale(self.scale.zoomed(factor, x, self.scene.layout.frames, self.width()))

    def zoom_to(self, pixels_per_frame: float) -> None:
        """Zoom to so many pixels per frame."""
        self.zoom(pixels_per_frame / self.scale.pixels_per_frame)

    def fit(self) -> None:
        """Show the whole film."""
        self.set_scale(fitted(self.scene.layout.frames, self.width()))

    def zoom_share(self) -> float:
        """How far the view is zoomed in: 0 = all the way out, 1 = all the way in; even steps look even."""
        low, high = zoom_limits(self.scene.layout.frames, self.width())
        return share_of(self.scale.pixels_per_frame, low, high)

    def set_zoom_share(self, share: float) -> None:
        """The other way round."""
        low, high = zoom_limits(self.scene.layout.frames, self.width())
        self.zoom_to(low * (high / low) ** clamp(share, 0.0, 1.0))

    def show_frame(self, frame: int) -> None:
        """Scroll as little as needed so that ``frame`` can be seen."""
        x = self.scale.x(frame)
        if x < KEEP_VISIBLE:
            self.scroll_by(x - min(KEEP_VISIBLE, self.width() // 4))
        elif x > self.width() - KEEP_VISIBLE:
            self.scroll_by(x - self.width() + max(KEEP_VISIBLE, self.width() // 2))

    def show_clip(self, index: int) -> None:
        """Scroll as little as needed so that the clip at ``index`` can be seen whole, or from its start."""
        left, right = self.scene.card_span(index)
        if left < 0 or right - left > self.width():
            self.scroll_by(left - KEEP_VISIBLE // 2)
        elif right > self.width():
            self.scroll_by(right - self.width() + KEEP_VISIBLE // 2)

    def max_offset(self) -> int:
        """The furthest that the view scrolls."""
        return max_offset(self.scale, self.scene.layout.frames, self.width())

    def repaint_current(self) -> None:
        """The current clip's card looks different with and without the focus."""
        if self.film.selection.current is not None:
            self._cards_changed({self.film.selection.current})

    # What gestures show

    def set_overlay(self, overlay: Overlay) -> None:
        """Show something above the lanes, or nothing."""
        if overlay != self.overlay:
            self.overlay = overlay
            self.update()

    def set_hover(self, hover: Hit, x: int) -> None:
        """What the mouse, at pixel ``x``, is over: some parts answer to it."""
        if hover != self.hover:
            parts = {self.hover.part, hover.part}
            self.hover = hover
            if Part.CARD in parts:
                self.update()
            if parts & _ANSWERING:
                for place in (self._hover_x, x):
                    self._repaint(QRect(place - HOVER_REACH, 0, 2 * HOVER_REACH, self.height()))
        self._hover_x = x

    def show_marker_at(self, place: int | None, frame: int) -> None:
        """Show the marker ``place`` at ``frame`` while it is dragged."""
        self._moved_marker = (place, frame)
        self._remake()
        self._repaint(QRect(0, 0, self.width(), self.scene.lanes.markers.bottom))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring some of the layer up to date, copy it, and paint above it what moves."""
        seconds = self._layer.fit(self.size(), self.devicePixelRatioF())
        done = self._layer.refresh(self._focus, seconds)
        painter = QPainter(self)
        for rect in event.region():  # type: ignore[attr-defined]
            painter.setClipRect(rect)
            self._layer.show(painter, rect)
            brush = self._brush(painter, rect)
            paint_hover(brush)
            paint_range(brush)
            paint_playhead(brush)
            paint_overlay(brush)
        painter.end()
        if not done:
            self._finisher.start()

    def _paint_lanes(self, painter: QPainter, rect: QRect) -> None:
        brush = self._brush(painter, rect)
        painter.fillRect(rect, self._paints.ground)
        for lane, paint in zip(self.scene.lanes, _LANE_PAINTERS, strict=True):
            if rect.top() < lane.bottom and rect.bottom() >= lane.top:
                paint(brush)

    def _brush(self, painter: QPainter, rect: QRect) -> Brush:
        return Brush(
            painter=painter,
            rect=rect,
            width=self.width(),
            height=self.height(),
            ratio=self.devicePixelRatioF(),
            scene=self.scene,
            paints=self._paints,
            source=self.source,
            cache=self._cache,
            selected=self._selected,
            current=self.film.selection.current,
            hover=self.hover,
            overlay=self.overlay,
            focused=self.hasFocus(),
        )

    @Slot()
    def _finish(self) -> None:
        self.update(self._layer.stale)

    def _repaint(self, rect: QRect | None = None) -> None:
        """Paint ``rect`` anew, None = everything; plain ``update`` only copies what was painted."""
        self._layer.invalidate(rect)
        self.update(rect or self.rect())

    # What changes the picture

    def _remake(self) -> None:
        playhead = self.film.playhead
        place, frame = self._moved_marker
        markers = enumerate(self.film.document.storyboard.markers)
        self.scene = Scene(
            layout=self.source.layout,
            scale=self.scene.scale,
            lanes=lanes(self.height()),
            markers=sorted((frame if index == place else marker.frame, index) for index, marker in markers),
            playhead=playhead.frame,
            in_frame=playhead.in_frame,
            out_frame=playhead.out_frame,
        )

    @Slot()
    def _relaid(self) -> None:
        self._remake()
        self._keep_within()
        self._repaint()

    @Slot(object)
    def _cards_changed(self, clip_ids: object) -> None:
        """Repaint the cards of these clips that are in view; None = all."""
        self.scene = replace(self.scene, layout=self.source.layout)
        if clip_ids is None or len(clip_ids) > MANY:  # type: ignore[arg-type]
            self._repaint()
            return
        lanes, positions = self.scene.lanes, self.scene.layout.positions
        for clip_id in clip_ids:  # type: ignore[attr-defined]
            index = positions.get(clip_id)
            if index is not None:
                left, right = self.scene.card_span(index)
                if right >= 0 and left <= self.width():
                    height = lanes.anchors.bottom - lanes.cards.top
                    self._repaint(QRect(left - 2, lanes.cards.top, right - left + 4, height))

    @Slot()
    def _selection_changed(self) -> None:
        chosen = frozenset(self.film.selection.ids)
        changed = self._selected ^ chosen
        self._selected = chosen
        self._cards_changed(changed | {self._current, self.film.selection.current})
        self._current = self.film.selection.current

    @Slot(int)
    def _playhead_moved(self, frame: int) -> None:
        wide = self.scale.x(frame + 1) - self.scale.x(frame)
        self.update(playhead_rect(self.scale.x(self.scene.playhead), wide, self.height()))
        self.scene = replace(self.scene, playhead=frame)
        self.update(playhead_rect(self.scale.x(frame), wide, self.height()))

    @Slot()
    def _range_changed(self) -> None:
        self._remake()
        self.update()

    @Slot()
    def _repaint_all(self) -> None:
        self._paints = make_paints(self.font())
        self._cache.clear()
        self._layer.ground = self._paints.ground
        self._layer.renew()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow another font or style."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._repaint_all()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for another size."""
        self._remake()
        self._keep_within()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with cards that can be read."""
        super().showEvent(event)
        self._keep_within()

    def _keep_within(self) -> None:
        if self._fresh and len(self.scene.layout) and self.isVisible():
            self._fresh = False
            self.scene = replace(self.scene, scale=self._first_scale())
        scale = self.scale.scrolled(self.scale.offset, self.scene.layout.frames, self.width())
        self.scene = replace(self.scene, scale=scale)
        self.scale_changed.emit()

    def _first_scale(self) -> TimeScale:
        """Cards wide enough to read; a short film fills the view rather than huddling at its left."""
        layout = self.scene.layout
        readable = comfortable(layout.frames, len(layout))
        whole = fitted(layout.frames, self.width())
        most = readable.pixels_per_frame * 1.35
        return TimeScale(clamp(whole.pixels_per_frame, readable.pixels_per_frame, most))


def share_of(value: float, low: float, high: float) -> float:
    """Where ``value`` lies between ``low`` and ``high`` on a scale of ratios, 0..1."""
    return clamp(log(value / low) / log(high / low), 0.0, 1.0) if high > low else 0.0
