"""What the mouse does while a button is held: each gesture changes the film at most once, when it ends."""

from abc import ABC, abstractmethod

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication

from svi_studio.domain.storyboard import Marker
from svi_studio.ui.timeline.hit import Hit, Part
from svi_studio.ui.timeline.overlay import Overlay
from svi_studio.ui.timeline.snapping import Snapped, snap
from svi_studio.ui.timeline.stage import Stage

Modifiers = Qt.KeyboardModifier
_COPY = Modifiers.ControlModifier | Modifiers.AltModifier


class Gesture(ABC):
    """Begins with a press. ``move`` may come often; exactly one of ``finish`` and ``cancel`` ends it."""

    scrolls = True
    """Whether the view scrolls when the mouse is at its edge."""
    about_time = False
    """Whether it is about moments, not clips or flags, so that it can go on when those change meanwhile."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @abstractmethod
    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """The mouse is at ``at`` now."""

    def finish(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """The button was let go: do it."""
        self.stage.set_overlay(Overlay())

    def cancel(self) -> None:
        """Esc, or the window lost the mouse: as if nothing had been."""
        self.stage.set_overlay(Overlay())

    def snapped(self, x: int, *, playhead: bool = True, marker: int | None = None) -> Snapped:
        """The film frame at pixel ``x``, held by edges, markers and the playhead when snapping is on."""
        scene = self.stage.scene
        frame = min(scene.scale.nearest_frame(x), scene.layout.frames)
        if not self.stage.snapping:
            return Snapped(frame, None)
        others = [at for at, place in scene.markers if place != marker]
        if playhead:
            others.append(scene.playhead)
        others += [at for at in (scene.in_frame, scene.out_frame) if at is not None]
        return snap(frame, scene.scale.pixels_per_frame, scene.layout.edges, others)


class Scrub(Gesture):
    """Moves the playhead along the ruler."""

    about_time = True

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        scene = self.stage.scene
        held = self.snapped(at.x(), playhead=False)
        frame = held.frame if held.guide is not None else max(0, int(scene.scale.frame_at(at.x())))
        self.stage.set_overlay(Overlay(guide=held.guide))
        self.stage.film.playhead.set_rate(0)
        self.stage.film.playhead.set_frame(frame)


class Trim(Gesture):
    """Moves the in or the out point."""

    about_time = True

    def __init__(self, stage: Stage, part: Part) -> None:
        super().__init__(stage)
        playhead = stage.film.playhead
        self._part = part
        self._before = playhead.in_frame, playhead.out_frame

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        held = self.snapped(at.x())
        self.stage.set_overlay(Overlay(guide=held.guide))
        if self._part is Part.IN_HANDLE:
            self.stage.film.playhead.set_in(held.frame)
        else:
            self.stage.film.playhead.set_out(max(held.frame - 1, 0))

    def cancel(self) -> None:
        """See ``Gesture``."""
        super().cancel()
        self.stage.film.playhead.clear_range()
        self.stage.film.playhead.set_in(self._before[0])
        self.stage.film.playhead.set_out(self._before[1])


class MoveMarker(Gesture):
    """Carries a flag along; it stands at its new place when it is let go."""

    def __init__(self, stage: Stage, place: int, at: QPoint) -> None:
        super().__init__(stage)
        self._place, self._from = place, at
        self._frame: int | None = None

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        if self._frame is None and not _far(self._from, at):
            return
        held = self.snapped(at.x(), marker=self._place)
        self._frame = held.frame
        self.stage.show_marker_at(self._place, held.frame)
        self.stage.set_overlay(Overlay(guide=held.guide))

    def finish(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        super().finish(at, keys)
        self.stage.show_marker_at(None, 0)
        if self._frame is not None:
            self.stage.film.commands.markers.move(self._place, self._frame)
        else:
            marker: Marker = self.stage.film.document.storyboard.markers[self._place]
            self.stage.film.playhead.set_frame(marker.frame)

    def cancel(self) -> None:
        """See ``Gesture``."""
        super().cancel()
        self.stage.show_marker_at(None, 0)


class Band(Gesture):
    """A rubber band over cards; with Ctrl or Shift it adds to what is selected."""

    def __init__(self, stage: Stage, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        super().__init__(stage)
        scene = stage.scene
        self._from_frame, self._from_y = scene.scale.frame_at(at.x()), at.y()
        self._before = (stage.film.selection.ids, stage.film.selection.current)
        self._adds = bool(keys & (Modifiers.ControlModifier | Modifiers.ShiftModifier))
        self._start, self._moved = at, False

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        self._moved = self._moved or _far(self._start, at)
        if not self._moved:
            return
        scene = self.stage.scene
        box = QRect(QPoint(scene.scale.x(self._from_frame), self._from_y), at).normalized()
        cards = scene.lanes.cards
        touched: tuple[str, ...] = ()
        if box.bottom() >= cards.top and box.top() < cards.bottom:
            touched = scene.layout.between(self._from_frame, scene.scale.frame_at(at.x()))
        kept = self._before[0] if self._adds else ()
        self.stage.film.selection.select((*kept, *touched), touched[-1] if touched else None)
        self.stage.set_overlay(Overlay(band=box))

    def finish(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        super().finish(at, keys)
        if not self._moved and not self._adds:
            self.stage.film.selection.clear()

    def cancel(self) -> None:
        """See ``Gesture``."""
        super().cancel()
        self.stage.film.selection.select(*self._before)


class DragCards(Gesture):
    """Carries the selected cards to another gap; with Ctrl or Alt it leaves them and carries copies."""

    def __init__(self, stage: Stage, index: int, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        super().__init__(stage)
        self._id = stage.scene.layout.clips[index].id
        self._start, self._moved = at, False
        selection = stage.film.selection
        if keys & Modifiers.ShiftModifier:
            selection.extend_to(self._id)
        elif self._id not in selection.ids and not keys & Modifiers.ControlModifier:
            selection.select([self._id])

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        if not self._moved:
            if not _far(self._start, at) or self.stage.film.document.read_only:
                return
            self._moved = True
            if self._id not in self.stage.film.selection.ids:
                self.stage.film.selection.select([self._id])
        scene = self.stage.scene
        overlay = Overlay(ghost=at, ghost_ids=self.stage.film.selection.ids, copies=bool(keys & _COPY))
        overlay.insertion = scene.layout.gap_at(scene.scale.frame_at(at.x()))
        self.stage.set_overlay(overlay)

    def finish(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        gap = self.stage.overlay.insertion
        super().finish(at, keys)
        if self._moved and gap is not None:
            if keys & _COPY:
                self.stage.film.commands.clips.copy_to(self.stage.film.selection.ids, gap)
            else:
                self.stage.film.commands.clips.move(self.stage.film.selection.ids, gap)
        elif not self._moved and keys & Modifiers.ControlModifier:
            self.stage.film.selection.toggle(self._id)
        elif not self._moved and not keys & Modifiers.ShiftModifier:
            self.stage.film.selection.select([self._id])


class Pan(Gesture):
    """The middle button takes hold of the film and pulls it along."""

    scrolls = False
    about_time = True

    def __init__(self, stage: Stage, at: QPoint) -> None:
        super().__init__(stage)
        self._at = at

    def move(self, at: QPoint, keys: Qt.KeyboardModifier) -> None:
        """See ``Gesture``."""
        self.stage.scroll_by(self._at.x() - at.x())
        self._at = at


def gesture_for(stage: Stage, found: Hit, at: QPoint, keys: Qt.KeyboardModifier) -> Gesture | None:
    """The gesture that a press of the left button on ``found`` begins; None when a press alone is all."""
    match found.part:
        case Part.RULER | Part.PLAYHEAD:
            return Scrub(stage)
        case Part.IN_HANDLE | Part.OUT_HANDLE:
            return Trim(stage, found.part)
        case Part.MARKER:
            return MoveMarker(stage, found.index, at)
        case Part.CARD:
            return DragCards(stage, found.index, at, keys)
        case Part.SEAM | Part.ADD:
            return None
        case _:
            return Band(stage, at, keys)


def _far(start: QPoint, at: QPoint) -> bool:
    return (at - start).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
