"""The jobs of a film in one quality, by clip, made again from the first clip that changed, a few at a time."""

from collections.abc import Iterator

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.takes.job import ClipJob

_SPARE = 5_000


class FilmPlan:
    """Jobs and refusals by clip id. While it is made again, clips further on have their old job."""

    def __init__(self) -> None:
        self.jobs: dict[str, ClipJob] = {}
        self.refusals: dict[str, str] = {}
        self.next = 0

    def clear(self) -> None:
        """Forgets all jobs: nothing is known of the film any more."""
        self.jobs, self.refusals, self.next = {}, {}, 0

    def forget_all_but(self, storyboard: Storyboard) -> None:
        """Lets go of clips that are not in ``storyboard`` any more, once they are many: undo may bring them back."""
        if len(self.jobs) + len(self.refusals) > len(storyboard.clips) + _SPARE:
            ids = {clip.id for clip in storyboard.clips}
            for table in (self.jobs, self.refusals):
                for clip_id in table.keys() - ids:
                    del table[clip_id]

    def steps(self, planner: FilmPlanner, first: int, stop: int | None = None) -> Iterator[str | None]:
        """Plans the clips from ``first`` on, one a step; yields the clip's id when its job is another one now.

        ``stop``: from this place on nothing in the storyboard differs from what was planned before, so that planning
        ends as soon as the change does not reach any further.
        """
        storyboard = planner.storyboard
        before = self.jobs.get(storyboard.clips[first - 1].id) if first > 0 else None
        news = True
        for place in range(first, len(storyboard.clips)):
            if stop is not None and place >= stop and (not news or storyboard.starts_chain(place)):
                break
            self.next = place
            clip_id = storyboard.clips[place].id
            refusal, before = _planned(planner, place, before)
            news = self._put(clip_id, before, refusal)
            yield clip_id if news else None
        self.next = len(storyboard.clips)

    def _put(self, clip_id: str, job: ClipJob | None, refusal: str) -> bool:
        old_job, old_refusal = self.jobs.get(clip_id), self.refusals.get(clip_id, "")
        if job is None:
            self.jobs.pop(clip_id, None)
            self.refusals[clip_id] = refusal
        else:
            self.jobs[clip_id] = job
            self.refusals.pop(clip_id, None)
        same = (old_job and old_job.take_hash) == (job and job.take_hash)
        return not same or old_refusal != refusal


def _planned(planner: FilmPlanner, index: int, before: ClipJob | None) -> tuple[str, ClipJob | None]:
    refusal = planner.refusal(index)
    if refusal:
        return refusal, None
    try:
        return "", planner.job(index, before)
    except ValueError:
        return "", None  # the clip that it continues cannot be rendered, and says why
