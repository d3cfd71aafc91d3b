"""The lanes from top to bottom: how high each one is in a view of a given height."""

from typing import NamedTuple

RULER = 28
MARKERS = 19
GAP = 4
ANCHORS = 46
SMALL_ANCHORS = 34
LEAST_CARD = 64
MOST_CARD = 248
MIN_HEIGHT = RULER + MARKERS + LEAST_CARD + SMALL_ANCHORS + 3 * GAP


class Lane(NamedTuple):
    """Pixels ``top`` up to, not including, ``bottom``; an absent lane is empty."""

    top: int
    bottom: int

    @property
    def height(self) -> int:
        """How high it is; 0 = not shown."""
        return self.bottom - self.top

    def __contains__(self, y: object) -> bool:
        return isinstance(y, int | float) and self.top <= y < self.bottom


class Lanes(NamedTuple):
    """All lanes; only those that the film can use."""

    ruler: Lane
    markers: Lane
    cards: Lane
    anchors: Lane


def lanes(height: int) -> Lanes:
    """The lanes of a view ``height`` pixels high; cards take what the others leave, within bounds."""
    roomy = height >= 300
    anchors = ANCHORS if roomy else SMALL_ANCHORS
    cards = height - RULER - MARKERS - anchors - 3 * GAP
    cards = max(LEAST_CARD, min(cards, MOST_CARD))
    markers = Lane(RULER, RULER + MARKERS)
    clips = Lane(markers.bottom + GAP, markers.bottom + GAP + cards)
    pictures = Lane(clips.bottom + GAP, clips.bottom + GAP + anchors)
    return Lanes(Lane(0, RULER), markers, clips, pictures)
