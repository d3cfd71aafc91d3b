"""The list of all lanes, from top to bottom: a new one is a file of its own and an entry here."""

from PySide6.QtCore import QMimeData

from svi_studio.document.timeline.scene import Box, Scene
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.ui.timeline.hand.drops import CLIP_DROPS, Drops
from svi_studio.ui.timeline.lanes.anchors import ANCHORS
from svi_studio.ui.timeline.lanes.clips import CLIPS
from svi_studio.ui.timeline.lanes.lane import NOTHING, Hit, Lane
from svi_studio.ui.timeline.lanes.markers import MARKERS
from svi_studio.ui.timeline.lanes.ruler import RULER
from svi_studio.ui.timeline.lanes.sound import SOUND_LANE

LANES = (RULER, MARKERS, CLIPS, ANCHORS, SOUND_LANE)


def lanes_of(storyboard: Storyboard) -> tuple[Lane, ...]:
    """The lanes that a film has."""
    return tuple(lane for lane in LANES if lane.is_there(storyboard))


def lane_at(scene: Scene, y: float) -> Lane | None:
    """The lane at pixel ``y`` of the view; None between lanes and below them."""
    return next((lane for lane in LANES if y in scene.lanes.get(lane.name, Box(0, 0))), None)


def drops_at(scene: Scene, y: float, mime: QMimeData) -> Drops | None:
    """What takes the things in ``mime`` at pixel ``y`` of the view; None = nothing does."""
    lane = lane_at(scene, y)
    own = CLIP_DROPS if lane is None else lane.drops
    everywhere = (each.drops_anywhere for each in LANES if each.drops_anywhere is not None)
    return next((drops for drops in (own, *everywhere) if drops.takes(mime)), None)


def hit(scene: Scene, x: float, y: float) -> Hit:
    """The part of the timeline at pixel ``(x, y)`` of the view."""
    lane = lane_at(scene, y)
    return NOTHING if lane is None else lane.hit(scene, x, y)
