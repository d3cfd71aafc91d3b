"""Film time: which frames of each take the film shows, and where each clip starts. All counts are trimmed frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple, Self

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
    starts: Sequence[bool],
    num_frames: int,
    profile: FamilyProfile,
    fps: float,
    ends: Sequence[int | None] = (),
    *,
    after_videos: Sequence[bool] = (),
    met: Sequence[bool] = (),
) -> FilmTime:
    """The time line of clips of ``num_frames`` frames each; ``starts[k]`` says whether clip k starts a chain.

    A clip that another one continues gives up its tail (``drop_tail``), or a clip that continues another one its head
    (``drop_head``): the frames that both would show. ``ends`` has the frame of its take before which each clip ends in
    the film, None = it is not trimmed; every clip shows one frame at least. ``after_videos`` says which clips that
    start a chain go on from a video: they give up the frames that the video shows, so that it and the film join.
    ``met`` says which clips another one was led to (``Clip.meets_next``): only its very last frame shows a moment that
    both know, so it is shown to its end, and they give up their known frames. The film is as long either way.
    """
    trims = Trims.of(profile, num_frames)
    clips: list[ClipTime] = []
    start = 0
    whole = [begins or is_met for begins, is_met in zip_longest(starts[1:], met[1:])]
    for index, (begins, end, video, is_met) in enumerate(zip_longest(starts, ends, after_videos, met)):
        first = trims.first(begins=begins, after_video=bool(video), is_met=bool(is_met))
        stop = num_frames if index == len(whole) or whole[index] else num_frames - trims.tail
        stop = max(first + 1, stop if end is None else min(stop, end))
        clips.append(ClipTime(index, start, first, stop))
        start += stop - first
    return FilmTime(clips=tuple(clips), fps=fps)


class Trims(NamedTuple):
    """Frames that clips give up: ``lead`` at a chain's start, ``after_video`` at one that goes on from a video.

    ``head`` where a clip continues another one, ``tail`` where it is continued. One that another clip was led to gives
    up as much as after a video, and that clip no tail.
    """

    lead: int
    after_video: int
    head: int
    tail: int

    @classmethod
    def of(cls, profile: FamilyProfile, num_frames: int) -> Self:
        """Those of a family, of clips of ``num_frames`` frames, of which one is always left."""
        most = num_frames - 1
        trim, known = min(profile.trimmed_frames, most), min(profile.known_frames, most)
        at_head = profile.join == "drop_head"
        after_video = trim if at_head else known if profile.join == "drop_tail" else 0
        lead = min(profile.lead_frames, most)
        return cls(lead, after_video, trim if at_head else 0, trim if profile.join == "drop_tail" else 0)

    def first(self, *, begins: bool, after_video: bool, is_met: bool) -> int:
        """The first frame that the film shows of a clip.

        It ``begins`` a chain, ``after_video`` or not, or goes on from a clip, which was led to it or not (``is_met``).
        """
        if not begins:
            return self.after_video if is_met else self.head
        return self.after_video if after_video else self.lead


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
    videos = [clip.start_video is not None for clip in storyboard.clips]
    met = [storyboard.is_met(index) for index in range(len(storyboard.clips))]
    return film_time(
        starts, storyboard.num_frames or num_frames, profile, fps or profile.fps, ends, after_videos=videos, met=met
    )
