"""What a lane of the timeline is: its parts under the mouse, what its painter is handed, its share of the height."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QPainter

from svi_studio.document.timeline.scene import Box, Scene
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.ui.timeline.cards.cache import CardCache
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.drops import CLIP_DROPS, Drops
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, begin_band
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.paints import Paints

GAP = 4
ROOMY = 300
"""Pixels of a view in which lanes need not be as low as they can be."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part:
    """What the mouse can do to one part of a lane. The functions get the index of the ``Hit``."""

    name: str
    cursor: Qt.CursorShape = Qt.CursorShape.ArrowCursor
    of_clip: bool = False
    """Whether the index is a clip's: its menu is the clip's menu."""
    answers: bool = False
    """Whether it is painted differently under the mouse."""
    lane: str = ""
    """The lane that is painted differently as a whole when it is under the mouse, with a piece that may be wide."""
    press: Callable[[LaneHost, int, QPoint, Modifiers], Gesture | None] = begin_band
    """What the left button does; returns the gesture that it begins, None when a press is all."""
    at_once: bool = False
    """Whether the second press of a double click acts as the first does."""
    double_click: Callable[[LaneHost, int, QPoint], None] | None = None
    hint: Callable[[CardSource, Scene, int], str] | None = None
    """What it is, and what a press would do, in words."""
    menu: Callable[[LaneHost, int, QPoint], None] | None = None
    """Shows its own menu at that point of the screen; None = it has the menu of the film."""


@dataclass(frozen=True, slots=True)
class Hit:
    """``index``: the clip of a card or an anchor, the one after a seam, or a marker's place in the storyboard."""

    part: Part
    index: int = -1


NOTHING = Hit(Part(name="nothing"))


@dataclass(slots=True)
class Brush:
    """One painting of the pixels ``rect`` of ``host``; ``ratio`` is the device pixel ratio of its screen."""

    painter: QPainter
    rect: QRect
    host: LaneHost
    scene: Scene
    paints: Paints
    cache: CardCache
    selected: frozenset[str]
    hover: Hit
    ratio: float

    @property
    def clips(self) -> range:
        """The clips that show in ``rect``, with a margin for what sticks out of them."""
        return self.scene.visible(self.rect.left() - 16, self.rect.right() + 16)

    def hovered(self, part: str) -> int | None:
        """The index of what lies under the mouse if it is a part of that name; None = it is not."""
        return self.hover.index if self.hover.part.name == part else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lane:
    """One kind of lane. ``title`` is in the context "Timeline"; heights are in pixels."""

    name: str
    title: str
    least: int
    """Its height in a low view."""
    roomy: int = 0
    """Its height in a view of ROOMY pixels and more; 0 = the same."""
    most: int = 0
    """How high it grows where others leave room; 0 = it does not grow."""
    gap: int = GAP
    """What is free below it."""
    hit: Callable[[Scene, float, float], Hit]
    """The part at a pixel that lies in this lane."""
    paint: Callable[[Brush], None]
    paint_above: Callable[[Brush], None] | None = None
    """Paints what moves too often to be kept in the picture of the lanes; those of upper lanes lie over the others."""
    shows_clips: bool = False
    """Whether another look of a clip is one of this lane too."""
    drops: Drops = CLIP_DROPS
    drops_anywhere: Drops | None = None
    """What belongs into it wherever on the timeline it is dropped, also in a film that has no such lane yet."""
    describe: Callable[[CardSource, Scene, int], str] | None = None
    """One of its pieces in words, for a screen reader."""
    buttons: tuple[str, ...] = ()
    """The actions that stand as small buttons under its name."""
    is_there: Callable[[Storyboard], bool] = lambda _storyboard: True
    """Whether a film has it."""

    @property
    def words(self) -> str:
        """Its title in the user's language."""
        return QCoreApplication.translate("Timeline", self.title)


def lane_boxes(lanes: Sequence[Lane], height: int) -> dict[str, Box]:
    """Where ``lanes`` lie, from top to bottom, in a view ``height`` pixels high; too low a view is overrun."""
    heights = [lane.roomy if lane.roomy and height >= ROOMY else lane.least for lane in lanes]
    free = height - sum(heights) - sum(lane.gap for lane in lanes)
    found, top = {}, 0
    for lane, usual in zip(lanes, heights, strict=True):
        more = max(0, min(free, lane.most - usual))
        free -= more
        found[lane.name] = Box(top, top + usual + more)
        top = found[lane.name].bottom + lane.gap
    return found


def least_height(lanes: Sequence[Lane]) -> int:
    """Pixels that ``lanes`` need at least."""
    return sum(lane.least + lane.gap for lane in lanes)
