"""What the mouse does while a button is held: each gesture changes the film at most once, when it ends."""

from abc import ABC, abstractmethod
from functools import cached_property

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication

from svi_studio.document.timeline.snapping import Snapped, snap
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay

Modifiers = Qt.KeyboardModifier


class Gesture(ABC):
    """Begins with a press. ``move`` may come often; exactly one of ``finish`` and ``cancel`` ends it."""

    scrolls = True
    """Whether the view scrolls when the mouse is at its edge."""
    about_time = False
    """Whether it is about moments, not clips or flags, so that it can go on when those change meanwhile."""

    def __init__(self, host: LaneHost) -> None:
        self.host = host

    @abstractmethod
    def move(self, at: QPoint, keys: Modifiers) -> None:
        """Follows the mouse to ``at``."""

    def finish(self, at: QPoint, keys: Modifiers) -> None:
        """Does it: the button was let go at ``at``."""
        self.host.set_overlay(Overlay())

    def cancel(self) -> None:
        """Leaves everything as it was before the press."""
        self.host.set_overlay(Overlay())

    @cached_property
    def sound_marks(self) -> tuple[int, ...]:
        """Film frames at which a sentence or a beat begins; none while that is not known."""
        return self.host.film.sound_finder.snap_frames()

    def snapped(self, x: int, *, playhead: bool = True, marker: int | None = None) -> Snapped:
        """The film frame at pixel ``x``, held by edges, markers, playhead and sound when snapping is on."""
        scene = self.host.scene
        frame = min(scene.scale.nearest_frame(x), scene.layout.frames)
        if not self.host.snapping:
            return Snapped(frame, None)
        others = [at for at, place in scene.markers if place != marker]
        if playhead:
            others.append(scene.playhead)
        others += [at for at in (scene.in_frame, scene.out_frame) if at is not None]
        return snap(frame, scene.scale.pixels_per_frame, scene.layout.edges, others, self.sound_marks)


class _Band(Gesture):
    """A rubber band over cards; with Ctrl or Shift it adds to what is selected."""

    def __init__(self, host: LaneHost, at: QPoint, keys: Modifiers) -> None:
        super().__init__(host)
        self._from_frame, self._from_y = host.scene.scale.frame_at(at.x()), at.y()
        self._before = (host.film.selection.ids, host.film.selection.current)
        self._adds = bool(keys & (Modifiers.ControlModifier | Modifiers.ShiftModifier))
        self._start, self._moved = at, False

    def move(self, at: QPoint, keys: Modifiers) -> None:
        self._moved = self._moved or is_far(self._start, at)
        if not self._moved:
            return
        scene = self.host.scene
        box = QRect(QPoint(scene.scale.x(self._from_frame), self._from_y), at).normalized()
        cards = scene.lanes["clips"]
        touched: tuple[str, ...] = ()
        if box.bottom() >= cards.top and box.top() < cards.bottom:
            touched = scene.layout.between(self._from_frame, scene.scale.frame_at(at.x()))
        kept = self._before[0] if self._adds else ()
        self.host.film.selection.select((*kept, *touched), touched[-1] if touched else None)
        self.host.set_overlay(Overlay(band=box))

    def finish(self, at: QPoint, keys: Modifiers) -> None:
        super().finish(at, keys)
        if not self._moved and not self._adds:
            self.host.film.selection.clear()
            self.host.film.pieces.clear()

    def cancel(self) -> None:
        super().cancel()
        self.host.film.selection.select(*self._before)


class _Pan(Gesture):
    """Pulls the film along."""

    scrolls = False
    about_time = True

    def __init__(self, host: LaneHost, at: QPoint) -> None:
        super().__init__(host)
        self._at = at

    def move(self, at: QPoint, keys: Modifiers) -> None:
        self.host.scroll_by(self._at.x() - at.x())
        self._at = at


def begin_band(host: LaneHost, _index: int, at: QPoint, keys: Modifiers) -> Gesture:
    """Begins to select with a rubber band, whatever lies under the mouse."""
    return _Band(host, at, keys)


def begin_pan(host: LaneHost, at: QPoint) -> Gesture:
    """Begins to pull the film along, as the middle button does."""
    return _Pan(host, at)


def is_far(start: QPoint, at: QPoint) -> bool:
    """Whether the mouse went far enough from ``start`` to mean a drag."""
    return (at - start).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
