"""The painted surface of the timeline: only what is in view is drawn, and only what changed is drawn again."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.film.piece_selection import ChosenPiece
from svi_studio.document.timeline.scale import TimeScale, clamp, comfortable, fitted
from svi_studio.document.timeline.scene import Scene
from svi_studio.domain.film.track import InputKind, Track
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.cards.cache import CardCache
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay
from svi_studio.ui.timeline.lanes.all_lanes import lanes_of
from svi_studio.ui.timeline.lanes.lane import NOTHING, Brush, Hit, Lane, lane_boxes, least_height
from svi_studio.ui.timeline.lanes.ruler import playhead_rect
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.surface.layer import Layer
from svi_studio.ui.timeline.surface.paint_overlay import paint_overlay

MANY = 100
"""When more clips look different at once, everything is painted anew."""
FINER_MS = 40
HOVER_REACH = 120
"""Pixels around the mouse that a hover can change."""


class TimelineCanvas(LaneHost):
    """Shows a film at a scale. Gestures, drops and keys reach it through ``TimelineView``."""

    lanes_changed = Signal()

    def __init__(self, source: CardSource, parent: QWidget | None = None) -> None:
        super().__init__(source, parent)
        self.lanes: tuple[Lane, ...] = ()
        self.hover = NOTHING
        self._hover_x = 0
        self._cache = CardCache()
        self._paints = Paints(self.font())
        self._selected = frozenset(self.film.selection.ids)
        self._current = self.film.selection.current
        self._fresh = True
        self._layer = Layer(self._paint_lanes, self._paints.ground)
        self._finisher = QTimer(self)
        self._finisher.setSingleShot(True)
        self._finisher.setInterval(0)
        self._finisher.timeout.connect(self._finish)
        self._finer = QTimer(self)  # many of them come one after the other
        self._finer.setSingleShot(True)
        self._finer.setInterval(FINER_MS)
        self._finer.timeout.connect(lambda: self._repaint_pieces([str(InputKind.SOUND)]))
        self.setMouseTracking(True)
        self.setMinimumWidth(240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._listen()
        self._remake()

    def _listen(self) -> None:
        self.source.relaid.connect(self._relaid)
        self.source.changed.connect(self._cards_changed)
        self.film.selection.changed.connect(self._selection_changed)
        self.film.pieces.changed.connect(self._piece_chosen)
        self.film.playhead.moved.connect(self._playhead_moved)
        self.film.playhead.range_changed.connect(self._range_changed)
        self.film.sounds.changed.connect(self._sound_changed)
        self.film.sounds.progressed.connect(self._sound_changed)
        self.shapes.came.connect(self._finer.start)
        theme().changed.connect(self._repaint_all)

    # What gestures show

    def _move_picture(self, before: TimeScale) -> None:
        if self.scale.pixels_per_frame == before.pixels_per_frame:
            self._layer.scroll(before.offset - self.scale.offset)
        else:
            self._layer.stretch(before, self.scale)

    def set_overlay(self, overlay: Overlay) -> None:
        """Shows something above the lanes, or nothing; a marker is carried in its own lane."""
        carried = overlay.marker != self.overlay.marker
        tracks = {self.overlay.track, overlay.track} if overlay.track != self.overlay.track else set()
        super().set_overlay(overlay)
        if carried:
            self._remake()
            self._repaint(QRect(0, 0, self.width(), self.scene.lanes["markers"].bottom))
        if tracks:
            self._remake()
            self._repaint_pieces({str(track.kind) for track in tracks if track is not None})

    def _repaint_pieces(self, lanes: Iterable[str]) -> None:
        for name in lanes:
            if name in self.scene.lanes:
                box = self.scene.lanes[name]
                self._repaint(QRect(0, box.top, self.width(), box.height))

    def set_hover(self, hover: Hit, x: int) -> None:
        """Shows what the mouse, at pixel ``x``, is over: some parts answer to it."""
        if hover != self.hover:
            answers = self.hover.part.answers or hover.part.answers
            lanes = {each.part.lane for each in (self.hover, hover) if each.part.lane}
            self.hover = hover
            self.update()
            self._repaint_pieces(lanes)  # a piece may be wider than the reach of the mouse
            if answers:
                for place in (self._hover_x, x):
                    self._repaint(QRect(place - HOVER_REACH, 0, 2 * HOVER_REACH, self.height()))
        self._hover_x = x

    def repaint_current(self) -> None:
        """Paints the current clip's card anew, which looks different with and without the focus."""
        if self.film.selection.current is not None:
            self._cards_changed({self.film.selection.current})
        if self.film.pieces.chosen is not None:
            self._repaint_pieces([str(self.film.pieces.chosen.kind)])

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Brings some of the layer up to date, copies it, and paints above it what moves."""
        seconds = self._layer.fit(self.size(), self.devicePixelRatioF())
        done = self._layer.refresh(self._focus, seconds)
        painter = QPainter(self)
        for rect in event.region():  # type: ignore[attr-defined]
            painter.setClipRect(rect)
            self._layer.show(painter, rect)
            brush = self._brush(painter, rect)
            for lane in reversed(self.lanes):
                if lane.paint_above is not None:
                    lane.paint_above(brush)
            paint_overlay(brush)
        painter.end()
        if not done:
            self._finisher.start()

    def _paint_lanes(self, painter: QPainter, rect: QRect) -> None:
        brush = self._brush(painter, rect)
        painter.fillRect(rect, self._paints.ground)
        for lane in self.lanes:
            box = self.scene.lanes[lane.name]
            if rect.top() < box.bottom and rect.bottom() >= box.top:
                lane.paint(brush)

    def _brush(self, painter: QPainter, rect: QRect) -> Brush:
        ratio = self.devicePixelRatioF()
        return Brush(painter, rect, self, self.scene, self._paints, self._cache, self._selected, self.hover, ratio)

    @Slot()
    def _finish(self) -> None:
        self.update(self._layer.stale)

    def _repaint(self, rect: QRect | None = None) -> None:
        """Paints ``rect`` anew, None = everything; plain ``update`` only copies what was painted."""
        self._layer.invalidate(rect)
        self.update(rect or self.rect())

    # What changes the picture

    def _remake(self) -> None:
        playhead, storyboard = self.film.playhead, self.film.document.storyboard
        lanes = lanes_of(storyboard)
        place, frame = self.overlay.marker or (None, 0)
        markers = enumerate(storyboard.markers)
        self.scene = Scene(
            layout=self.source.layout,
            scale=self.scene.scale,
            lanes=lane_boxes(lanes, self.height()),
            markers=sorted((frame if index == place else marker.frame, index) for index, marker in markers),
            playhead=playhead.frame,
            in_frame=playhead.in_frame,
            out_frame=playhead.out_frame,
            tracks=self._tracks(),
            chosen=self._chosen(),
        )
        if lanes != self.lanes:
            self.lanes = lanes
            self.setMinimumHeight(least_height(lanes))
            self.lanes_changed.emit()

    def _tracks(self) -> tuple[Track, ...]:
        """What lies under the film, with the track in hand in the place of the one that it was."""
        tracks, held = self.film.document.storyboard.tracks, self.overlay.track
        return tracks if held is None else tuple(held if track.kind is held.kind else track for track in tracks)

    def _chosen(self) -> ChosenPiece | None:
        held = self.overlay.track
        if held is not None and self.overlay.piece is not None:
            return ChosenPiece(held.kind, self.overlay.piece)
        return self.film.pieces.chosen

    @Slot(str)
    def _sound_changed(self, _file: str) -> None:
        self._repaint_pieces([str(InputKind.SOUND), "clips"])

    @Slot()
    def _piece_chosen(self) -> None:
        self._remake()
        self._repaint_pieces(str(kind) for kind in InputKind)

    @Slot()
    def _relaid(self) -> None:
        self._remake()
        self._keep_within()
        self._repaint()

    @Slot(object)
    def _cards_changed(self, clip_ids: object) -> None:
        """Repaints these clips, None = all, in the lanes that show them."""
        self.scene = replace(self.scene, layout=self.source.layout)
        if lanes_of(self.film.document.storyboard) != self.lanes:
            self._relaid()
            return
        if clip_ids is None or len(clip_ids) > MANY:  # type: ignore[arg-type]
            self._repaint()
            return
        boxes = [self.scene.lanes[lane.name] for lane in self.lanes if lane.shows_clips]
        top, height = boxes[0].top, boxes[-1].bottom - boxes[0].top
        for clip_id in clip_ids:  # type: ignore[attr-defined]
            index = self.scene.layout.positions.get(clip_id)
            if index is not None:
                left, right = self.scene.card_span(index)
                if right >= 0 and left <= self.width():
                    self._repaint(QRect(left - 2, top, right - left + 4, height))

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
        self._paints = Paints(self.font())
        self._cache.clear()
        self.waves.clear()
        self._layer.ground = self._paints.ground
        self._layer.renew()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follows another font or style."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._repaint_all()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays out for another size."""
        self._remake()
        self._keep_within()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins with cards that can be read."""
        super().showEvent(event)
        self._keep_within()

    def _keep_within(self) -> None:
        if self._fresh and len(self.scene.layout) and self.isVisible():
            self._fresh = False
            self.scene = replace(self.scene, scale=self._first_scale())
        scale = self.scale.scrolled(self.scale.offset, self.scene.reach, self.width())
        self.scene = replace(self.scene, scale=scale)
        self.scale_changed.emit()

    def _first_scale(self) -> TimeScale:
        """Cards wide enough to read; a short film fills the view rather than huddling at its left."""
        layout = self.scene.layout
        readable = comfortable(layout.frames, len(layout))
        whole = fitted(layout.frames, self.width())
        most = readable.pixels_per_frame * 1.35
        return TimeScale(clamp(whole.pixels_per_frame, readable.pixels_per_frame, most))
