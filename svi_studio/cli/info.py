"""``svi-studio info``: clips, length in time, what is rendered, and what rendering the rest would cost."""

import json
from argparse import Namespace
from dataclasses import asdict, dataclass

from svi_studio.cli.named_film import named_film
from svi_studio.domain.plan import RenderPlan
from svi_studio.domain.take import Take
from svi_studio.domain.wording import as_duration, as_ranges, plural
from svi_studio.project.film_source import FilmSource
from svi_studio.project.prepare import prepare
from svi_studio.project.take_folder import read_manifest
from svi_studio.project.take_store import TakeStore


@dataclass(frozen=True)
class FilmFacts:
    """What there is to know about a film. Clip lists count from 0; ``stale`` ones have only takes of earlier versions.

    ``steps_to_render`` are denoising steps; ``seconds_to_render`` is an estimate from earlier takes, None without any.
    """

    title: str
    family: str
    model: str
    width: int
    height: int
    clips: int
    frames: int
    seconds: float
    ready: list[int]
    stale: list[int]
    unrendered: list[int]
    steps_to_render: int
    seconds_to_render: float | None


def run(options: Namespace) -> int:
    """Print the facts; returns the exit code."""
    film = named_film(options)
    facts = film_facts(film, prepare(film, options.model).plan)
    print(json.dumps(asdict(facts)) if options.json else _text(facts, film))
    return 0


def film_facts(film: FilmSource, plan: RenderPlan) -> FilmFacts:
    """Compare the plan with the takes on disk."""
    takes = list(_takes(film.takes))
    have = {take.take_hash for take in takes}
    rendered_before = {take.job.clip_id for take in takes}
    missing = plan.missing(have.__contains__)
    pace = _pace(takes, plan)
    steps = sum(job.num_inference_steps for job in missing)
    time = plan.time()
    return FilmFacts(
        title=plan.title,
        family=plan.family,
        model=plan.jobs[0].model,
        width=plan.width,
        height=plan.height,
        clips=len(plan.jobs),
        frames=time.frames,
        seconds=time.seconds,
        ready=[job.index for job in plan.jobs if job.take_hash in have],
        stale=[job.index for job in missing if job.clip_id in rendered_before],
        unrendered=[job.index for job in missing if job.clip_id not in rendered_before],
        steps_to_render=steps,
        seconds_to_render=None if pace is None else pace * steps,
    )


def _takes(store: TakeStore) -> list[Take]:
    """The manifests of all takes; their files are not read, so that a film of hours is told about in a moment."""
    return [read_manifest(store.folder / name) for name in store.hashes()]


def _pace(takes: list[Take], plan: RenderPlan) -> float | None:
    """Seconds of rendering a denoising step, everything included, from takes of the same size and model."""
    kind = (plan.width, plan.height, plan.num_frames, plan.jobs[0].model_hash)
    alike = [take for take in takes if (take.job.width, take.job.height, take.num_frames, take.job.model_hash) == kind]
    steps = sum(take.job.num_inference_steps for take in alike)
    return sum(take.render_seconds for take in alike) / steps if steps else None


def _text(facts: FilmFacts, film: FilmSource) -> str:
    lines = [
        f"{facts.title or 'A film without a title'}: {plural(facts.clips, 'clip')}, {as_duration(facts.seconds)}"
        f" ({facts.frames} frames of {facts.width} x {facts.height}), family {facts.family}, model {facts.model}",
        f"Ready: {_clips(facts.ready)}",
    ]
    if facts.stale:
        lines.append(f"Stale, changed since they were rendered: {_clips(facts.stale)}")
    if facts.unrendered:
        lines.append(f"Not rendered yet: {_clips(facts.unrendered)}")
    return "\n".join([*lines, _cost(facts), f"Takes are kept in {film.project}"])


def _cost(facts: FilmFacts) -> str:
    if not facts.steps_to_render:
        return "A render has nothing to do but to write the film."
    clips = plural(len(facts.stale) + len(facts.unrendered), "clip")
    steps = f"A render makes {clips} in {plural(facts.steps_to_render, 'step')}"
    if facts.seconds_to_render is None:
        return f"{steps}; how long a step takes here is known after the first clip."
    return f"{steps}, about {as_duration(facts.seconds_to_render)} at the pace of the earlier takes."


def _clips(indexes: list[int]) -> str:
    if not indexes:
        return "no clips"
    return f"{'clip' if len(indexes) == 1 else 'clips'} {as_ranges(indexes)}"
