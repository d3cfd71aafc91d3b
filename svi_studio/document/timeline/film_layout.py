"""Where clips lie on the film: arrays made once per edit, so that painting and pointing only ever bisect."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from svi_studio.domain.film.film_time import FilmTime
from svi_studio.domain.film.storyboard import Clip, Storyboard


class AnchorSpan(NamedTuple):
    """One picture of the anchor lane: shown at clip ``first``, in force up to, not including, clip ``stop``.

    ``own`` = the clip names it, else it is the film's picture. ``starts_chain`` = it is also the first frame.
    ``works`` = the family looks at it; a picture off a cut does nothing in a family without an anchor.
    """

    first: int
    stop: int
    path: str
    own: bool
    starts_chain: bool
    works: bool


@dataclass(frozen=True, slots=True, eq=False)
class FilmLayout:
    """The clips of one film in film frames. ``edges`` has one more entry than there are clips: the film's end."""

    clips: tuple[Clip, ...] = ()
    edges: Sequence[int] = (0,)
    chain_starts: Sequence[bool] = ()
    overlap: int = 0
    """Frames that two chained clips have in common; the film shows them once."""
    overlap_at_head: bool = True
    """Whether the film shows them at the head of the later clip (else at the tail of the earlier one).

    One that was led to the later one shows them always.
    """
    fps: float = 24.0
    anchors: Sequence[AnchorSpan] = ()
    uses_anchor: bool = True
    """Whether the family looks at a picture off a cut."""
    ends_on_pictures: bool = False
    """Whether the family can be told the picture that a clip ends on."""
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        """Length of the film in frames."""
        return self.edges[-1]

    def __len__(self) -> int:
        return len(self.clips)

    def clip_at(self, frame: float) -> int | None:
        """The clip that shows ``frame``; None before the film and after it."""
        if not 0 <= frame < self.frames:
            return None
        return bisect_right(self.edges, frame) - 1

    def visible(self, first: float, last: float) -> range:
        """The clips that show any of the frames ``first`` .. ``last``."""
        start = max(bisect_right(self.edges, first) - 1, 0)
        stop = min(bisect_right(self.edges, last), len(self.clips))
        return range(start, max(start, stop))

    def gap_at(self, frame: float) -> int:
        """The gap between clips nearest to ``frame``: 0 = before the first, number of clips = after the last."""
        index = self.clip_at(max(frame, 0.0))
        if index is None:
            return len(self.clips)
        return index + (frame - self.edges[index] > self.edges[index + 1] - frame)

    def between(self, first: float, last: float) -> tuple[str, ...]:
        """The ids of the clips that a rubber band from frame ``first`` to ``last`` touches."""
        low, high = sorted((first, last))
        return tuple(self.clips[index].id for index in self.visible(low, high) if self.edges[index + 1] > low)

    def overlap_start(self, index: int) -> int:
        """The film frame from which on the frames lie that the clip at ``index`` and the one before have in common."""
        at_head = self.overlap_at_head and not self.clips[index - 1].meets_next
        return self.edges[index] - (0 if at_head else self.overlap)

    def anchors_in(self, clips: range) -> Sequence[AnchorSpan]:
        """The anchor spans that reach into ``clips``."""
        if not clips or not self.anchors:
            return ()
        start = max(bisect_right(self.anchors, clips.start, key=lambda span: span.first) - 1, 0)
        stop = bisect_right(self.anchors, clips.stop - 1, key=lambda span: span.first)
        return self.anchors[start:stop]


def film_layout(storyboard: Storyboard, time: FilmTime) -> FilmLayout:
    """The layout of ``storyboard``, whose clips last as ``time`` says. O(clips)."""
    clips = storyboard.clips[: len(time.clips)]
    profile = storyboard.profile_to_show
    starts = [index == 0 or clip.cut for index, clip in enumerate(clips)]
    return FilmLayout(
        clips=clips,
        edges=[clip.start for clip in time.clips[: len(clips)]] + [time.frames if clips else 0],
        chain_starts=starts,
        overlap=profile.trimmed_frames,
        overlap_at_head=profile.join == "drop_tail",
        fps=time.fps,
        anchors=_anchors(storyboard, clips, starts),
        uses_anchor=storyboard.uses_anchor,
        ends_on_pictures=storyboard.ends_on_pictures,
        positions={clip.id: index for index, clip in enumerate(clips)},
    )


def _anchors(storyboard: Storyboard, clips: Sequence[Clip], starts: Sequence[bool]) -> list[AnchorSpan]:
    uses_anchor = storyboard.uses_anchor
    heads = [index for index, clip in enumerate(clips) if starts[index] or clip.image]
    spans = []
    for index, stop in pairwise([*heads, len(clips)]):
        own = clips[index].image
        path = own or (storyboard.reference_image if starts[index] else None)
        if path is not None:
            reach = stop if uses_anchor else index + 1
            spans.append(AnchorSpan(index, reach, path, own is not None, starts[index], starts[index] or uses_anchor))
    return spans
