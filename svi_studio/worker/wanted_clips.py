"""Which clips a request means: planned at its quality, with the ones before them that their chain still needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from svi_studio.domain.errors import BadProject
from svi_studio.domain.film.quality import at_quality
from svi_studio.domain.render.plan import RenderPlan, goes_on, plan_film, still_needed
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.takes.job import ClipJob
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import kept_in, read_facts
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.lora_in_use import LoraInUse


@dataclass(frozen=True)
class WantedClips:
    """The plan of the clips of a request, the model's folder, the film's LoRAs, and the takes.

    ``folder`` is where the plan's picture paths start; ``lora_files`` are those of all clips' LoRAs, by their hash.
    """

    plan: RenderPlan
    model: Path
    loras: tuple[LoraInUse, ...]
    takes: TakeStore
    folder: Path
    lora_files: Mapping[str, Path] = field(default_factory=dict)


def wanted_clips(request: RenderRequest, project: Path) -> WantedClips:
    """Plans ``request``, whose pictures and takes lie in the folder ``project``. Raises StudioError of any kind."""
    film = FilmSource(request.storyboard, project, project, is_bare=False)
    ready = read_facts(film)
    storyboard = at_quality(request.storyboard, ready.facts.card, ready.facts.size, request.quality)
    facts = replace(ready.facts, size=storyboard.size or ready.facts.size)
    planner = FilmPlanner(storyboard, facts, kept_in(film.takes, storyboard, facts))
    plan = plan_film(planner, range(storyboard.chain_start(request.first), request.last + 1))
    jobs = still_needed(plan.jobs, request.first, lambda take_hash: _is_whole(film.takes, take_hash))
    plan = plan.model_copy(update={"jobs": jobs})
    return WantedClips(plan, ready.model, ready.loras, film.takes, project, ready.lora_files)


def without_skipped(
    jobs: Sequence[ClipJob], skipped: Callable[[int], bool]
) -> tuple[tuple[ClipJob, ...], tuple[int, ...]]:
    """The jobs that are left, and the indexes of those given up: the ``skipped`` ones and what continues from them.

    A clip that is cut off from them, or that keeps a take of its own, goes on.
    """
    left: list[ClipJob] = []
    given_up: list[int] = []
    is_given_up = False
    for job in jobs:
        is_given_up = skipped(job.index) or (is_given_up and goes_on(job))
        if is_given_up:
            given_up.append(job.index)
        else:
            left.append(job)
    return tuple(left), tuple(given_up)


def _is_whole(takes: TakeStore, take_hash: str) -> bool:
    """Whether the take is there to go on from, by the content of its files: a damaged one is made again.

    Raises StudioError when a file cannot be read at the moment.
    """
    try:
        takes.load(take_hash)
    except BadProject:
        return False
    return True
