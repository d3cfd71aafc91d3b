"""What a lane of the timeline is, and how lanes share the height of the view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from svi_studio.document.timeline.scene import Box, Scene
from svi_studio.domain.storyboard import Storyboard
from svi_studio.ui.timeline.hand.drops import CLIP_DROPS, Drops
from svi_studio.ui.timeline.lanes.brush import Brush
from svi_studio.ui.timeline.lanes.part import Hit

GAP = 4
ROOMY = 300
"""Pixels of a view in which lanes need not be as low as they can be."""


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
    is_there: Callable[[Storyboard], bool] = lambda _storyboard: True
    """Whether a film has it."""


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
