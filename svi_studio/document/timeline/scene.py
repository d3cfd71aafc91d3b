"""What lies where in a view of the film: clips, markers and playhead at a scale, lanes from top to bottom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from svi_studio.document.timeline.film_layout import FilmLayout
from svi_studio.document.timeline.scale import TimeScale
from svi_studio.domain.film.track import InputKind, Piece, Track


class Box(NamedTuple):
    """The pixels of one lane: ``top`` up to, not including, ``bottom``."""

    top: int
    bottom: int

    @property
    def height(self) -> int:
        """How high it is."""
        return self.bottom - self.top

    def __contains__(self, y: object) -> bool:
        return isinstance(y, int | float) and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class DropPlace:
    """Where something dropped goes: onto the clip ``index``, or between clips into the gap ``index``.

    With a ``lane`` it goes into that lane instead, from the film frame ``index`` on. ``at_end``: onto the clip's end.
    """

    onto_clip: bool
    index: int
    lane: str = ""
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is needed to say what lies where.

    ``lanes``: the boxes of the lanes that are shown, by name. ``markers``: frame and place in the storyboard, by frame.
    ``tracks``: what lies under the film, as a gesture shows it. ``chosen``: kind and place of the chosen piece.
    """

    layout: FilmLayout
    scale: TimeScale
    lanes: Mapping[str, Box] = field(default_factory=dict)
    markers: Sequence[tuple[int, int]] = ()
    playhead: int = 0
    in_frame: int | None = None
    out_frame: int | None = None
    tracks: Sequence[Track] = ()
    chosen: tuple[InputKind, int] | None = None

    def pieces(self, kind: InputKind) -> tuple[Piece, ...]:
        """The pieces of that kind, in the order of time."""
        return next((track.pieces for track in self.tracks if track.kind is kind), ())

    @property
    def reach(self) -> int:
        """The film frame at which everything ends: a sound may be longer than the film."""
        return max([self.layout.frames, *(track.pieces[-1].stop for track in self.tracks if track.pieces)])

    def is_chosen(self, kind: InputKind, place: int) -> bool:
        """Whether that piece is the chosen one."""
        return self.chosen == (kind, place)

    def card_span(self, index: int) -> tuple[int, int]:
        """Pixels ``(left, right)`` of the clip at ``index`` in the view, gaps at cuts included."""
        return self.scale.x(self.layout.edges[index]), self.scale.x(self.layout.edges[index + 1])

    def visible(self, left: int, right: int) -> range:
        """The clips that show between two pixels of the view."""
        return self.layout.visible(self.scale.frame_at(left), self.scale.frame_at(right))

    def seam_y(self) -> int:
        """Middle of the signs on the seams."""
        lane = self.lanes["clips"]
        return lane.top + min(lane.height // 3, 48)
