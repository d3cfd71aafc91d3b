"""What lies under the mouse: the one place that decides what a press, a hint or a drop is about."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from svi_studio.ui.timeline.film_layout import FilmLayout
from svi_studio.ui.timeline.lanes import Lanes
from svi_studio.ui.timeline.scale import TimeScale

SEAM_REACH = 9
"""Pixels to each side of a seam's sign that belong to it."""
SEAM_NEEDS = 60
"""Cards narrower than this have no seam signs to press."""
HANDLE_REACH = 7
FLAG_WIDTH = 13


class Part(Enum):
    """The parts of the timeline that behave differently."""

    RULER = auto()
    IN_HANDLE = auto()
    OUT_HANDLE = auto()
    PLAYHEAD = auto()
    MARKER = auto()
    MARKERS = auto()
    CARD = auto()
    SEAM = auto()
    ANCHOR = auto()
    ADD = auto()
    EMPTY = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    """``index``: the clip of a card or an anchor, the one after a seam, or a marker's place in the storyboard."""

    part: Part
    index: int = -1


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is needed to say what lies where. ``markers``: frame and place in the storyboard, by frame."""

    layout: FilmLayout
    scale: TimeScale
    lanes: Lanes
    markers: Sequence[tuple[int, int]] = ()
    playhead: int = 0
    in_frame: int | None = None
    out_frame: int | None = None

    def card_span(self, index: int) -> tuple[int, int]:
        """Pixels ``(left, right)`` of the clip at ``index`` in the view, gaps at cuts included."""
        return self.scale.x(self.layout.edges[index]), self.scale.x(self.layout.edges[index + 1])

    def visible(self, left: int, right: int) -> range:
        """The clips that show between two pixels of the view."""
        return self.layout.visible(self.scale.frame_at(left), self.scale.frame_at(right))

    def seam_y(self) -> int:
        """Middle of the signs on the seams."""
        lane = self.lanes.cards
        return lane.top + min(lane.height // 3, 48)


def hit(scene: Scene, x: float, y: float) -> Hit:
    """The part of the timeline at pixel ``(x, y)`` of the view."""
    if y in scene.lanes.ruler:
        return _hit_ruler(scene, x)
    if y in scene.lanes.markers:
        return _hit_marker(scene, x)
    if y in scene.lanes.cards:
        return _hit_card(scene, x, y)
    if y in scene.lanes.anchors:
        index = scene.layout.clip_at(scene.scale.frame_at(x))
        return Hit(Part.EMPTY) if index is None else Hit(Part.ANCHOR, index)
    return Hit(Part.EMPTY)


def _hit_ruler(scene: Scene, x: float) -> Hit:
    handles = (
        (Part.PLAYHEAD, scene.playhead),
        (Part.IN_HANDLE, scene.in_frame),
        (Part.OUT_HANDLE, scene.out_frame),
    )
    for part, frame in handles:
        if frame is not None and abs(scene.scale.x(frame) - x) <= HANDLE_REACH:
            return Hit(part)
    return Hit(Part.RULER)


def _hit_marker(scene: Scene, x: float) -> Hit:
    frame = scene.scale.frame_at(x)
    place = bisect_right(scene.markers, (frame + HANDLE_REACH / 2 / scene.scale.pixels_per_frame, 2**31)) - 1
    if place >= 0 and x - scene.scale.x(scene.markers[place][0]) <= FLAG_WIDTH:
        return Hit(Part.MARKER, scene.markers[place][1])
    return Hit(Part.MARKERS)


def _hit_card(scene: Scene, x: float, y: float) -> Hit:
    frame = scene.scale.frame_at(x)
    index = scene.layout.clip_at(frame)
    if index is None:
        return Hit(Part.ADD if frame >= scene.layout.frames else Part.EMPTY)
    if abs(y - scene.seam_y()) <= SEAM_REACH:
        gap = scene.layout.gap_at(frame)
        left, right = scene.card_span(index)
        seam_x = scene.scale.x(scene.layout.edges[gap])
        if 0 < gap < len(scene.layout) and right - left >= SEAM_NEEDS and abs(x - seam_x) <= SEAM_REACH:
            return Hit(Part.SEAM, gap)
    return Hit(Part.CARD, index)


@dataclass(frozen=True, slots=True)
class DropPlace:
    """Where something dropped goes: onto the clip ``index``, or between clips into the gap ``index``."""

    onto_clip: bool
    index: int


def picture_place(scene: Scene, x: float, y: float) -> DropPlace:
    """Where a picture dropped at ``(x, y)`` goes: the edges of a card are the gap beside it, its middle the clip."""
    frame = scene.scale.frame_at(x)
    index = scene.layout.clip_at(frame)
    if index is None:
        return DropPlace(False, 0 if frame < 0 else len(scene.layout))
    left, right = scene.card_span(index)
    edge = min(14, (right - left) // 4)
    if y not in scene.lanes.anchors and (x < left + edge or x >= right - edge):
        return DropPlace(False, scene.layout.gap_at(frame))
    return DropPlace(True, index)
