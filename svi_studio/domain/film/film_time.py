"""Film time: which frames of each take the film shows, and where each clip starts. All counts are trimmed frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.storyboard import Storyboard


class ClipTime(NamedTuple):
    """The frames ``first`` up to, not including, ``stop`` of a take, shown from film frame ``start`` on.

    Not a ``Value``: thousands of them are made anew after every edit that moves a clip.
    """

    index: int  # type: ignore[assignment]  # the clip's place, not the method of tuples, which nobody needs here
    start: int
    first: int
    stop: int

    @property
    def frames(self) -> int:
        """How many frames of the take the film shows."""
        return self.stop - self.first


@dataclass(frozen=True, slots=True)
class FilmTime:
    """The time line of a film at ``fps`` frames a second."""

    clips: tuple[ClipTime, ...]
    fps: float

    @property
    def frames(self) -> int:
        """Length of the film in frames."""
        return self.clips[-1].start + self.clips[-1].frames if self.clips else 0

    @property
    def seconds(self) -> float:
        """Length of the film in seconds."""
        return self.frames / self.fps

    def start_seconds(self, index: int) -> float:
        """Where the clip at ``index`` starts, in seconds of film."""
        return self.clips[index].start / self.fps


def film_time(
    starts: Sequence[bool], num_frames: int, profile: FamilyProfile, fps: float, ends: Sequence[int | None] = ()
) -> FilmTime:
    """The time line of clips of ``num_frames`` frames each; ``starts[k]`` says whether clip k starts a chain.

    A clip that another one continues gives up its tail (``drop_tail``), or a clip that continues another one its head
    (``drop_head``): the frames that both would show. ``ends`` has the frame of its take before which each clip ends in
    the film, None = it is not trimmed; every clip shows one frame at least.
    """
    head, tail = _trims(num_frames, profile)
    clips: list[ClipTime] = []
    start = 0
    following = [*starts[1:], True]
    for index, (begins, end) in enumerate(zip_longest(starts, ends)):
        first = 0 if begins or index == 0 else head
        stop = num_frames if following[index] else num_frames - tail
        if end is not None:
            stop = max(first + 1, min(stop, end))
        clips.append(ClipTime(index, start, first, stop))
        start += stop - first
    return FilmTime(clips=tuple(clips), fps=fps)


def _trims(num_frames: int, profile: FamilyProfile) -> tuple[int, int]:
    """Frames that a clip gives up at its head when it continues another one, and at its tail when it is continued."""
    trim = min(profile.trimmed_frames, num_frames - 1)
    return trim if profile.join == "drop_head" else 0, trim if profile.join == "drop_tail" else 0


def part_of_film(time: FilmTime, first: int, last: int) -> FilmTime:
    """The time line of the film frames ``first`` to ``last``, both counted from 0 and both shown, as a film of its own.

    It holds only the clips that show one of these frames; the outer ones are trimmed to the frame. Raises BadInput when
    the film has no such frames.
    """
    if not 0 <= first <= last < time.frames:
        raise BadInput(f"The film has the frames 0 to {max(time.frames - 1, 0)}: choose a range within them.")
    clips: list[ClipTime] = []
    for clip in time.clips:
        begin, end = max(first, clip.start), min(last + 1, clip.start + clip.frames)
        if begin < end:
            start, stop = clip.first + begin - clip.start, clip.first + end - clip.start
            clips.append(ClipTime(clip.index, begin - first, start, stop))
    return FilmTime(clips=tuple(clips), fps=time.fps)


def storyboard_time(storyboard: Storyboard, num_frames: int, fps: float | None = None) -> FilmTime:
    """The time line of a storyboard whose model makes ``num_frames`` frames a clip; ``fps`` None = the family's."""
    profile = storyboard.profile_to_show
    starts = [clip.cut for clip in storyboard.clips]
    starts[:1] = [True][: len(starts)]
    ends = [clip.end for clip in storyboard.clips]
    return film_time(starts, storyboard.num_frames or num_frames, profile, fps or profile.fps, ends)
