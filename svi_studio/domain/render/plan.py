"""The render plan: one job for every clip of a storyboard, each hash chained to the hash of the take it continues."""

from collections.abc import Callable, Sequence

from svi_studio.domain.errors import BadInput
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.text.wording import as_ranges
from svi_studio.domain.value import Value


class RenderPlan(Value):
    """Jobs of one film in order, and how the film is shown; ``total`` is the number of clips of the whole film."""

    jobs: tuple[ClipJob, ...]
    total: int
    title: str
    family: str
    width: int
    height: int
    num_frames: int
    fps: float
    enlarge: int = 1

    def missing(self, has: Callable[[str], bool]) -> tuple[ClipJob, ...]:
        """The jobs whose take does not exist yet, as ``has(take_hash)`` says: what a render costs."""
        return tuple(job for job in self.jobs if not has(job.take_hash))


def plan_film(planner: FilmPlanner, clips: range | None = None) -> RenderPlan:
    """The plan of a film, or of its ``clips``, of which the first starts a chain.

    Raises BadInput when the film or one of these clips cannot be rendered.
    """
    board, facts = planner.storyboard, planner.facts
    if planner.problem is not None:
        raise BadInput(planner.problem)
    jobs: list[ClipJob] = []
    wanted = range(len(board.clips)) if clips is None else clips
    _require_words(planner, wanted)
    for index in wanted:
        jobs.append(planner.job(index, jobs[-1] if jobs else None))
    return RenderPlan(
        jobs=tuple(jobs),
        total=len(board.clips),
        title=board.title,
        family=board.family,
        width=facts.size[0],
        height=facts.size[1],
        num_frames=planner.num_frames,
        fps=facts.card.fps or board.profile_to_show.fps,
        enlarge=facts.card.enlarge,
    )


def still_needed(jobs: Sequence[ClipJob], first: int, has: Callable[[str], bool]) -> tuple[ClipJob, ...]:
    """The jobs from the clip ``first`` on, and those before it back to the nearest clip that has its take.

    ``jobs`` begin with the start of the chain of the clip ``first``.
    """
    start = first - jobs[0].index
    while start > 0 and goes_on(jobs[start]) and not has(jobs[start - 1].take_hash):
        start -= 1
    return tuple(jobs[start:])


def goes_on(job: ClipJob) -> bool:
    """Whether the clip is made from the one before."""
    return job.parent_hash is not None and not job.kept


def _require_words(planner: FilmPlanner, clips: range) -> None:
    """All clips without a prompt in one sentence: nobody should hear of them one by one."""
    silent = [index for index in clips if planner.lacks_words(index)]
    if len(silent) > 1:
        raise BadInput(
            f"Clips {as_ranges(silent)} have no prompt: say in a few words what happens in each, or delete them."
        )
