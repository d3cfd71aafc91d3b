"""The parts of lanes, which behave differently under the mouse."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt

from svi_studio.document.timeline.scene import Scene
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, begin_band
from svi_studio.ui.timeline.hand.lane_host import LaneHost


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part:
    """What the mouse can do to one part of a lane. The functions get the index of the ``Hit``."""

    name: str
    cursor: Qt.CursorShape = Qt.CursorShape.ArrowCursor
    of_clip: bool = False
    """Whether the index is a clip's: its menu is the clip's menu."""
    answers: bool = False
    """Whether it is painted differently under the mouse."""
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
