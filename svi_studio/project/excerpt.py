"""The part of a film that is written to a file: some clips as a film of their own, or exactly some of its frames."""

from dataclasses import dataclass

from svi_studio.domain.errors import BadInput
from svi_studio.domain.family import family
from svi_studio.domain.film_time import FilmTime, film_time, part_of_film
from svi_studio.domain.job import ClipJob
from svi_studio.domain.plan import RenderPlan
from svi_studio.domain.wording import plural


@dataclass(frozen=True)
class Excerpt:
    """Which clips are shown, which frames of each, and where in the whole film that starts.

    A sound that lies under the film is heard from its second ``starts_at`` on.
    """

    jobs: tuple[ClipJob, ...]
    time: FilmTime
    starts_at: float = 0.0


def clips_of(plan: RenderPlan, clips: tuple[int, int] | None) -> Excerpt:
    """The clips ``(first, last)``, counted from 1, last 0 = to the end, as a film of their own; None = the whole film.

    Raises BadInput when the film has no such clips.
    """
    jobs = plan.jobs
    if clips is not None:
        first, last = clips
        if first > len(jobs) or last > len(jobs):
            raise BadInput(f"The storyboard has {plural(len(jobs), 'clip')}: choose clips within them.")
        jobs = jobs[first - 1 : last or len(jobs)]
    starts = [job.parent_hash is None for job in jobs]
    time = film_time(starts, plan.num_frames, family(plan.family), plan.fps)
    return Excerpt(jobs, time, plan.time().start_seconds(jobs[0].index))


def frames_of(plan: RenderPlan, first: int, last: int | None = None) -> Excerpt:
    """Exactly the film frames ``first`` to ``last``, counted from 0 and both shown, None = to the end.

    Raises BadInput when the film has no such frames.
    """
    whole = plan.time()
    part = part_of_film(whole, first, whole.frames - 1 if last is None else last)
    return Excerpt(tuple(plan.jobs[clip.index] for clip in part.clips), part, first / plan.fps)
