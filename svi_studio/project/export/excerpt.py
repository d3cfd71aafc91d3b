"""The part of a film that is written to a file: some clips as a film of their own, or exactly some of its frames."""

from dataclasses import dataclass

from svi_studio.domain.editing.credit_edits import credits_to_show
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import FilmTime, film_time, part_of_film, storyboard_time
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.subtitles import Cue, part_of
from svi_studio.domain.pictures.credit import Credit
from svi_studio.domain.render.plan import RenderPlan
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.text.wording import plural


@dataclass(frozen=True)
class Part:
    """Which clips are shown (the indexes in ``time``), which frames of each, and where in the whole film that starts.

    A sound that lies under the film is heard from its second ``starts_at`` on.
    """

    time: FilmTime
    starts_at: float = 0.0

    @property
    def first(self) -> int:
        """The first clip that is shown, from 0."""
        return self.time.clips[0].index

    @property
    def last(self) -> int:
        """The last clip that is shown, itself included."""
        return self.time.clips[-1].index


@dataclass(frozen=True)
class Excerpt(Part):
    """A part with the jobs of its clips, the credits of the pictures that they were made from, and its subtitles."""

    jobs: tuple[ClipJob, ...] = ()
    credits: tuple[Credit, ...] = ()
    cues: tuple[Cue, ...] = ()


def clips_of(
    storyboard: Storyboard,
    num_frames: int,
    fps: float | None,
    clips: tuple[int, int] | None = None,
    whole: FilmTime | None = None,
) -> Part:
    """The clips ``(first, last)``, counted from 1, last 0 = to the end, as a film of their own; None = the whole film.

    The model makes ``num_frames`` frames a clip, shown at ``fps``, None = as the family says. ``whole`` is the time
    line of the film for those who have it already. Raises BadInput when the film has no such clips.
    """
    whole = whole or _whole_time(storyboard, num_frames, fps)
    count = len(whole.clips)
    first, last = (1, count) if clips is None else (clips[0], clips[1] or count)
    if first > count or last > count:
        raise BadInput(f"The storyboard has {plural(count, 'clip')}: choose clips within them.")
    starts = [storyboard.starts_chain(index) for index in range(first - 1, last)]
    shown = storyboard.clips[first - 1 : last]
    ends, videos = [clip.end for clip in shown], [clip.start_video is not None for clip in shown]
    met = [storyboard.is_met(index) for index in range(first - 1, last)]
    length, profile = storyboard.num_frames or num_frames, storyboard.profile_to_show
    time = film_time(starts, length, profile, whole.fps, ends, after_videos=videos, met=met)
    moved = tuple(clip._replace(index=clip.index + first - 1) for clip in time.clips)
    return Part(FilmTime(clips=moved, fps=whole.fps), whole.start_seconds(first - 1))


def frames_of(storyboard: Storyboard, num_frames: int, fps: float | None, frames: tuple[int, int | None]) -> Part:
    """Exactly the film frames ``(first, last)``, counted from 0 and both shown, None = to the end.

    ``num_frames`` and ``fps`` are as for ``clips_of``. Raises BadInput when the film has no such frames.
    """
    whole = _whole_time(storyboard, num_frames, fps)
    first, last = frames
    part = part_of_film(whole, first, whole.frames - 1 if last is None else last)
    return Part(part, first / whole.fps)


def with_jobs(part: Part, plan: RenderPlan, storyboard: Storyboard) -> Excerpt:
    """``part`` with the jobs that ``plan`` has for its clips, and what ``storyboard`` says of their pictures."""
    jobs = {job.index: job for job in plan.jobs}
    shown = [clip.index for clip in part.time.clips]
    credits = credits_to_show(storyboard, shown)
    cues = part_of(storyboard.subtitles, part.starts_at, part.time.seconds)
    return Excerpt(part.time, part.starts_at, tuple(jobs[index] for index in shown), credits, cues)


def _whole_time(storyboard: Storyboard, num_frames: int, fps: float | None) -> FilmTime:
    if not storyboard.clips:
        raise BadInput("The storyboard has no clips: add at least one clip with a prompt.")
    return storyboard_time(storyboard, num_frames, fps)
