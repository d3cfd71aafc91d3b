"""Looks at a film and at this computer for the check before a render; without Qt, so that the command line can."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.family import family
from svi_studio.domain.render.cost import render_cost
from svi_studio.domain.render.film_check import FilmLook
from svi_studio.domain.render.fitting import Fitting, fit_model, memory_of
from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.training.hardware import Hardware
from svi_studio.jobs.hardware import find_hardware
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import PreparedFacts, kept_in, read_facts, read_facts_unhashed
from svi_studio.project.takes.take_catalogue import scan_takes
from svi_studio.weights.fitting import job_needs
from svi_studio.weights.memory_needs import ModelNeeds


def look_at_film(
    film: FilmSource,
    model: str | None = None,
    *,
    remarks: Sequence[str] = (),
    paces: Sequence[MeasuredPace] = (),
    hardware: Hardware | None = None,
    wishes: PlanWishes = NO_WISHES,
    should_stop: Callable[[], bool] = lambda: False,
) -> FilmLook:
    """What ``check_film`` asks of a film; ``model`` None: the storyboard's. ``wishes``: for how it uses memory.

    Call it in a thread. Weights are read only where earlier takes or paces can be those of the same model: gigabytes
    the first time, as the render would. Raises StudioError of any kind for a model, a LoRA or a picture without which
    nothing can be said; Stopped.
    """
    glance = read_facts_unhashed(film, model, should_stop)
    planner, jobs = _planned(film, glance)
    if not jobs:
        return FilmLook(film.storyboard, glance.facts, planner, remarks=remarks)
    takes = list(scan_takes(film.takes.folder))
    read = read_facts(film, model, should_stop) if takes or paces else glance
    planner, jobs = _planned(film, read)
    have = {take.take_hash for take in takes}
    missing = tuple(job for job in jobs if job.take_hash not in have)
    look = FilmLook(film.storyboard, read.facts, planner, jobs, missing, remarks=remarks)
    if not missing:
        return look
    here = hardware or find_hardware(film.project)
    fitting, precision = _fitting(read, missing, here, wishes)
    cost = render_cost(missing, takes, paces)
    return replace(look, cost=cost, fitting=fitting, precision=precision, disk_free=here.disk_free)


def _planned(film: FilmSource, read: PreparedFacts) -> tuple[FilmPlanner, tuple[ClipJob, ...]]:
    """The planner, and the jobs of all clips; none where one of them cannot be rendered."""
    planner = FilmPlanner(film.storyboard, read.facts, kept_in(film.takes, film.storyboard, read.facts))
    try:
        return planner, plan_film(planner).jobs
    except BadInput:
        return planner, ()


def _fitting(
    read: PreparedFacts, jobs: Sequence[ClipJob], here: Hardware, wishes: PlanWishes
) -> tuple[Fitting | None, str]:
    """How the model makes the largest clip here, and how its transformer is stored; nothing where no header tells."""
    machine = memory_of(here)
    on_card = machine.card is not None
    try:
        if read.lora_files or not read.loras:
            needs = job_needs(read.model, jobs, read.lora_files, on_card=on_card)
        else:  # not hashed, so that jobs cannot name theirs: those of the film
            needs = ModelNeeds(read.model, jobs[0], read.loras, family(jobs[0].family).needs, on_card=on_card)
    except BadWeights:
        return None, ""
    return fit_model(needs.of, needs.clip, machine, wishes), needs.of(needs.clip).precision
