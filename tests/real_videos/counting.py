"""Counts what was found of a person in a video: frames, gaps, jumps, and frames on somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton
from svi_studio.domain.poses.time_edits import runs
from tests.real_videos.boxes import TRUNK, box_at, is_on_another, trunk_middle
from tests.real_videos.catalogue import Track

ENDS = (Joint.RIGHT_WRIST, Joint.LEFT_WRIST, Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE)
MOST_TRUNK = 5.0
"""Body heights a second, 8.8 m/s for a person of 1.75 m: a trunk that is quicker has jumped."""

MOST_END = 9.0  # body heights a second, 16 m/s, of a wrist or an ankle


@dataclass(frozen=True)
class Counts:
    """Frames of a video, those with the chosen person in view, and those of them with a skeleton, ``found``.

    ``elsewhere``: frames with a skeleton while the person is not in view. ``drawn`` and ``between``: found frames that
    were compared with a box drawn by hand, and with one between two of those; ``others`` are the frames of both that
    are on somebody else, or on nobody.
    """

    frames: int
    in_view: int
    found: int
    elsewhere: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...]
    trunk_jumps: tuple[int, ...]
    end_jumps: tuple[int, ...]
    drawn: int
    between: int
    others: tuple[int, ...]

    @property
    def on_them(self) -> int:
        """Frames in view with a skeleton that is not known to be elsewhere."""
        return self.found - len(self.others)

    @property
    def longest_gap(self) -> int:
        """In frames; 0 without any."""
        return max((stop - first for first, stop in self.gaps), default=0)


def counted(skeleton: Skeleton, in_view: Sequence[tuple[int, int]], trunks: dict[str, Track], who: str) -> Counts:
    """What ``skeleton`` shows of ``who``, whose box and those of everybody else are in ``trunks``."""
    has, visible = skeleton.has_person, np.zeros(skeleton.num_frames, np.bool_)
    for first, stop in in_view:
        visible[first:stop] = True
    compared = [number for number in np.flatnonzero(has & visible) if box_at(trunks[who], int(number)) is not None]
    drawn = sum(number in trunks[who] for number in compared)
    fps = float(skeleton.fps)
    return Counts(
        frames=skeleton.num_frames,
        in_view=int(visible.sum()),
        found=int((has & visible).sum()),
        elsewhere=tuple(map(int, np.flatnonzero(has & ~visible))),
        gaps=tuple(runs(visible & ~has)),
        trunk_jumps=_jumps(skeleton.body, TRUNK, MOST_TRUNK / fps, together=True),
        end_jumps=_jumps(skeleton.body, ENDS, MOST_END / fps, together=False),
        drawn=drawn,
        between=len(compared) - drawn,
        others=_on_others(skeleton.body, trunks, who, compared),
    )


def body_height(body: Points) -> float:
    """Pixels: the longer side of what is seen of the body, in the middle over the frames that show any of it."""
    sides = [float(np.ptp(joints[joints[:, 2] > SEEN_ABOVE][:, :2], axis=0).max()) for joints in body if _seen(joints)]
    return max(float(np.median(sides)), 1.0) if sides else 1.0


def _seen(joints: NDArray[np.float32]) -> bool:
    return bool((joints[:, 2] > SEEN_ABOVE).sum() > 1)


def _jumps(body: Points, joints: tuple[Joint, ...], most: float, *, together: bool) -> tuple[int, ...]:
    """The frames into which these joints moved more than ``most`` body heights: in the middle, or any one of them."""
    part, limit = body[:, list(joints)], most * body_height(body)
    both = (part[1:, :, 2] > SEEN_ABOVE) & (part[:-1, :, 2] > SEEN_ABOVE)
    moved = np.linalg.norm(np.diff(part[..., :2].astype(np.float64), axis=0), axis=2)
    far = np.zeros(len(moved))
    for step in np.flatnonzero(both.any(1)):
        ways = moved[step][both[step]]
        far[step] = np.median(ways) if together else ways.max()
    return tuple(int(number) + 1 for number in np.flatnonzero(far > limit))


def _on_others(body: Points, trunks: dict[str, Track], who: str, frames: list[int]) -> tuple[int, ...]:
    middles, found = trunk_middle(body), []
    for frame in map(int, frames):
        chosen = box_at(trunks[who], frame)
        others = [box for name, track in trunks.items() if name != who and (box := box_at(track, frame))]
        if chosen is not None and is_on_another(middles[frame], chosen, others):
            found.append(frame)
    return tuple(found)
