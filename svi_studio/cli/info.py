"""``svi-studio info``: clips, length in time, what is rendered, and what rendering the rest would cost."""

import json
import sys
from argparse import Namespace
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from svi_studio.cli.named_film import named_film
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.piece_name import piece_name
from svi_studio.domain.film.track import Track
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.domain.render.cost import render_cost
from svi_studio.domain.render.fitting import Fitting
from svi_studio.domain.render.plan_wishes import PlanWishes
from svi_studio.domain.takes.arithmetic import mixed_arithmetic
from svi_studio.domain.takes.take import Take
from svi_studio.domain.text.wording import as_bytes, as_duration, as_ranges, plural
from svi_studio.jobs.hardware import find_hardware
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import PreparedFilm, prepare
from svi_studio.project.takes.take_catalogue import scan_takes
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import unread_bytes
from svi_studio.weights.fitting import fit_film
from svi_studio.weights.model_folder import read_card

_WORTH_TELLING = 2e9  # bytes of weights: some seconds of reading
_MOST_NAMES = 3
"""Of the files of a track, on the line that tells of it."""


@dataclass(frozen=True)
class TrackSummary:
    """A track: its kind, how many pieces it has, and the second of the film at which the last one ends.

    ``names`` are what people call its files, each once.
    """

    kind: str
    pieces: int
    seconds: float
    muted: bool
    names: tuple[str, ...]


@dataclass(frozen=True)
class FilmSummary:
    """What there is to know about a film. Clip lists count from 0.

    ``stale`` clips have only takes of earlier versions, ``kept`` ones are the take that the user chose or locked.
    ``steps_to_render`` are denoising steps; ``seconds_to_render`` and ``bytes_to_write`` are estimates from earlier
    takes, None without any. ``stability`` is how strongly the model's own LoRA counts, None where it has none for the
    family. ``mixed`` is a sentence about takes that were not computed alike. ``tracks`` lie under the film.
    ``on_pictures`` are clips that end on a picture, ``after_videos`` those that go on from a video, ``own_loras`` those
    with LoRAs of their own. ``questions`` are sentences about LoRAs that may not be where they belong. ``fit``: how the
    model fits into the memory of this computer.
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
    kept: list[int]
    stale: list[int]
    unrendered: list[int]
    steps_to_render: int
    seconds_to_render: float | None
    bytes_to_write: int | None
    stability: float | None
    mixed: str | None
    tracks: list[TrackSummary]
    on_pictures: list[int]
    after_videos: list[int]
    own_loras: list[int]
    questions: list[str]
    fit: Fitting | None = None


def run(options: Namespace) -> int:
    """Prints the facts; returns the exit code."""
    film = named_film(options)
    _tell_of_reading(film, options.model)
    prepared = prepare(film, options.model)
    facts = replace(summary(film, prepared), fit=_fit(film, prepared, options.memory_plan))
    print(json.dumps(_as_json(facts)) if options.json else _text(facts, film))
    return 0


def _tell_of_reading(film: FilmSource, model: str | None) -> None:
    """Says before it that a large model is read, which is silent otherwise and takes a while the first time."""
    with suppress(StudioError):  # told by what reads it
        size = unread_bytes(find_model(model or film.storyboard.model, beside=film.folder))
        if size > _WORTH_TELLING:
            print(f"Reading the model once, {as_bytes(size)}: what it holds is remembered then.", file=sys.stderr)


def _fit(film: FilmSource, prepared: PreparedFilm, wishes: PlanWishes) -> Fitting:
    """How the model fits into what is free on this computer now."""
    seconds = render_cost(prepared.plan.jobs[:1], _takes(film.takes)).seconds
    hardware, jobs = find_hardware(film.folder), prepared.plan.jobs
    return fit_film(prepared.model, jobs, prepared.lora_files, hardware, wishes=wishes, seconds=seconds)


def _as_json(facts: FilmSummary) -> dict[str, object]:
    fit = facts.fit
    fields = asdict(replace(facts, fit=None))
    if fit is not None:
        plan = fit.plan.model_dump(mode="json") if fit.plan is not None else None
        fields["fit"] = {"plan": plan, "sentence": fit.sentence, "details": fit.details, "seconds": fit.seconds}
    return fields


def summary(film: FilmSource, prepared: PreparedFilm) -> FilmSummary:
    """Compares the plan with the takes on disk."""
    plan = prepared.plan
    takes = list(_takes(film.takes))
    have = {take.take_hash: take.library_versions for take in takes}
    rendered_before = {take.job.clip_id for take in takes}
    missing = plan.missing(have.__contains__)
    cost = render_cost(missing, takes)
    steps = sum(job.num_inference_steps for job in missing)
    time = storyboard_time(film.storyboard, plan.num_frames, plan.fps)
    return FilmSummary(
        title=plan.title,
        family=plan.family,
        model=plan.jobs[0].model,
        width=plan.width,
        height=plan.height,
        clips=len(plan.jobs),
        frames=time.frames,
        seconds=time.seconds,
        ready=[job.index for job in plan.jobs if job.take_hash in have],
        kept=[job.index for job in plan.jobs if job.kept],
        stale=[job.index for job in missing if job.clip_id in rendered_before],
        unrendered=[job.index for job in missing if job.clip_id not in rendered_before],
        steps_to_render=steps,
        seconds_to_render=cost.seconds,
        bytes_to_write=cost.bytes,
        mixed=mixed_arithmetic({job.index: have[job.take_hash] for job in plan.jobs if job.take_hash in have}),
        stability=film.storyboard.stability if read_card(prepared.model).family_lora_keys(plan.family) else None,
        tracks=[_track_summary(at_rate(track, plan.fps), plan.fps) for track in film.storyboard.tracks if track.pieces],
        on_pictures=[job.index for job in plan.jobs if film.storyboard.end_image(job.index) is not None],
        after_videos=[job.index for job in plan.jobs if film.storyboard.start_video(job.index) is not None],
        own_loras=[job.index for job in plan.jobs if film.storyboard.clips[job.index].loras],
        questions=[advice.text for advice in prepared.lora_advice],
    )


def _track_summary(track: Track, fps: float) -> TrackSummary:
    names = tuple(dict.fromkeys(map(piece_name, track.pieces)))
    return TrackSummary(track.kind.value, len(track.pieces), track.pieces[-1].stop / fps, track.muted, names)


def _takes(store: TakeStore) -> list[Take]:
    """The manifests of all takes; their files are not read, so that a film of hours is told about in a moment."""
    return list(scan_takes(store.folder))


def _text(facts: FilmSummary, film: FilmSource) -> str:
    lines = [
        f"{facts.title or 'Untitled film'}: {plural(facts.clips, 'clip')}, {as_duration(facts.seconds)}"
        f" ({facts.frames} frames of {facts.width} x {facts.height}), family {facts.family}, model {facts.model}",
        f"Ready: {_clips(facts.ready)}",
    ]
    if facts.stability is not None:
        lines.insert(1, _stability(facts))
    if facts.kept:
        lines.append(f"Kept as they are, whatever their settings say: {_clips(facts.kept)}")
    if facts.stale:
        lines.append(f"Stale, changed since they were rendered: {_clips(facts.stale)}")
    if facts.unrendered:
        lines.append(f"Not rendered yet: {_clips(facts.unrendered)}")
    if facts.mixed:
        lines.append(facts.mixed)
    special = {
        "Go on from a video": facts.after_videos,
        "End on a picture": facts.on_pictures,
        "Have LoRAs of their own": facts.own_loras,
    }
    lines += [f"{words}: {_clips(indexes)}" for words, indexes in special.items() if indexes]
    lines[1:1] = [_track(track) for track in facts.tracks]
    return "\n".join([*lines, *facts.questions, _cost(facts), *_fits(facts), f"Takes are kept in {film.project}"])


def _fits(facts: FilmSummary) -> list[str]:
    """Nothing of a model that any computer holds, and nothing where nothing is to be rendered."""
    if facts.fit is None or facts.fit.is_small or not facts.steps_to_render:
        return []
    return [facts.fit.sentence, *(f"  {detail}" for detail in facts.fit.details)]


def _track(track: TrackSummary) -> str:
    muted = ", muted" if track.muted else ""
    more = f" and {len(track.names) - _MOST_NAMES} more" if len(track.names) > _MOST_NAMES else ""
    names = ", ".join(track.names[:_MOST_NAMES]) + more
    pieces = plural(track.pieces, "piece")
    return f"{track.kind.capitalize()}: {names} ({pieces}), until {as_duration(track.seconds)}{muted}"


def _stability(facts: FilmSummary) -> str:
    if not facts.stability:
        return f"Stability: off, so that {facts.model} may drift over many clips"
    return f"Stability: {facts.stability:g}, by the LoRA that {facts.model} brings for the family {facts.family}"


def _cost(facts: FilmSummary) -> str:
    if not facts.steps_to_render:
        return "A render has nothing to do but to write the film."
    clips = plural(len(facts.stale) + len(facts.unrendered), "clip")
    steps = f"A render makes {clips} in {plural(facts.steps_to_render, 'step')}"
    if facts.seconds_to_render is None:
        return f"{steps}; how long a step takes here is known after the first clip."
    room = "" if facts.bytes_to_write is None else f" and {as_bytes(facts.bytes_to_write)} of disk"
    return f"{steps}, about {as_duration(facts.seconds_to_render)}{room}, going by the earlier takes."


def _clips(indexes: list[int]) -> str:
    if not indexes:
        return "no clips"
    return f"{'clip' if len(indexes) == 1 else 'clips'} {as_ranges(indexes)}"
