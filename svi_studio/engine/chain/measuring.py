"""Times two steps of a film's clip on this computer, by one memory plan after the other."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil
import torch

from svi_studio.domain.errors import BadWeights, NotEnoughMemory
from svi_studio.domain.render.events import PreviewReady, StepDone
from svi_studio.domain.render.measured_pace import MeasuredPace, transformer_calls
from svi_studio.domain.render.plan_words import plan_sentence
from svi_studio.domain.render.trial import STEPS, MeasuredTrial
from svi_studio.engine.chain.memory_choice import WantedFilm, choose_plan, load_planned
from svi_studio.engine.chain.render_job import choose_device, render_jobs
from svi_studio.engine.out_of_memory import ran_out_of_memory

if TYPE_CHECKING:
    from svi_studio.domain.render.events import RenderEvent
    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.domain.render.plan import RenderPlan
    from svi_studio.domain.render.plan_wishes import PlanWishes
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.domain.takes.take import Take, TakeSink
    from svi_studio.engine.chain.memory_choice import ChosenPlan


@dataclass(frozen=True)
class Trial:
    """A clip to be tried: ``film`` and ``plan`` have it alone, with two steps; ``whole`` is the clip as it would be
    rendered. ``folder`` is where the plan's picture paths start. ``recipe``: what it is called."""

    recipe: str
    film: WantedFilm
    plan: RenderPlan
    whole: ClipJob
    folder: Path


@dataclass(frozen=True)
class Outcome:
    """A trial and the last preview of it (JPEG), or why there is none; nothing of a plan that was tried already."""

    trial: MeasuredTrial | None = None
    picture: bytes = b""
    problem: str = ""


def measure(
    trial: Trial,
    wishes: Sequence[PlanWishes],
    device_name: str,
    *,
    sink_in: Callable[[Path], TakeSink],
    emit: Callable[[Outcome], None],
    should_stop: Callable[[], bool],
) -> None:
    """Tries a clip by every plan that ``wishes`` lead to, each once. Takes are made in a folder that is removed.

    What does not fit, or runs out of memory, costs its own trial. Raises StudioError for what concerns them all, and
    Stopped.
    """
    device = choose_device(device_name)
    tried: list[MemoryPlan] = []
    for wish in wishes:
        try:
            chosen = choose_plan(trial.film, device, wishes=wish)
        except BadWeights as error:
            emit(Outcome(problem=str(error)))
            continue
        if chosen.plan in tried:
            continue
        tried.append(chosen.plan)
        emit(_tried(trial, chosen, device, sink_in, should_stop))
        _give_back()


class _Heard:
    """What a render said: when each step was over, and its last preview."""

    def __init__(self) -> None:
        self.steps: list[float] = []
        self.picture = b""

    def __call__(self, event: RenderEvent) -> None:
        if isinstance(event, StepDone):
            self.steps.append(time.monotonic())
        if isinstance(event, PreviewReady):
            self.picture = event.jpeg


def _tried(
    trial: Trial,
    chosen: ChosenPlan,
    device: torch.device,
    sink_in: Callable[[Path], TakeSink],
    should_stop: Callable[[], bool],
) -> Outcome:
    _reset_peak(device)
    heard = _Heard()
    try:
        with TemporaryDirectory(prefix="svi-trial-") as name:
            pace, plan = _made(trial, chosen, device, sink_in(Path(name) / "takes"), heard, should_stop=should_stop)
    except (NotEnoughMemory, RuntimeError, MemoryError) as error:
        if not (isinstance(error, NotEnoughMemory) or ran_out_of_memory(error)):
            raise
        said = plan_sentence(chosen.plan, chosen.needs, on_card=chosen.on_card)
        return Outcome(problem=f"{said} It ran out of memory all the same.")
    if pace is None:
        return Outcome(problem="It was too quick to be measured.")
    return Outcome(_measured(trial, chosen, plan, pace, device), heard.picture)


def _made(
    trial: Trial,
    chosen: ChosenPlan,
    device: torch.device,
    sink: TakeSink,
    heard: _Heard,
    *,
    should_stop: Callable[[], bool],
) -> tuple[MeasuredPace | None, MemoryPlan]:
    """The pace of the clip, and the plan by which it was finished."""
    models = load_planned(trial.film, str(device), chosen)
    render_jobs(
        trial.plan,
        trial.plan.jobs,
        models,
        sink,
        folder=trial.folder,
        lora_files=trial.film.lora_files,
        emit=heard,
        should_stop=should_stop,
    )
    plan = models.memory.plan if models.memory is not None else chosen.plan
    take = sink.manifest(trial.plan.jobs[0].take_hash)
    comings = 0 if plan.other_expert != "read_again" else 1 if plan.aside_for_pictures else 2
    return _pace(take, heard.steps, comings=comings), plan


def _measured(
    trial: Trial, chosen: ChosenPlan, plan: MemoryPlan, pace: MeasuredPace, device: torch.device
) -> MeasuredTrial:
    return MeasuredTrial(
        recipe=trial.recipe,
        plan=plan,
        sentence=plan_sentence(plan, chosen.needs, on_card=chosen.on_card),
        pace=pace,
        steps=trial.whole.num_inference_steps,
        seconds=pace.seconds(transformer_calls(trial.whole)),
        card_bytes=_peak(device),
        host_bytes=int(psutil.Process().memory_info().rss),
    )


def _pace(take: Take, steps: Sequence[float], *, comings: int) -> MeasuredPace | None:
    """By the quicker call: in the first step everything starts, and in the second the other expert may have to come.

    `steps`: when each was over, in seconds. Of experts that are read again both have to come once in every clip, and
    each takes what the second step took longer; `comings` are those that lie in no time that was taken yet.
    """
    pace = MeasuredPace.of(take)
    if pace is None or len(steps) != STEPS:
        return pace
    calls = transformer_calls(take.job.model_copy(update={"num_inference_steps": 1}))
    others = transformer_calls(take.job) - calls
    second = steps[1] - steps[0]
    call = min((STEPS * pace.step - second) / calls, second / others)
    if call <= 0:
        return pace
    coming = comings * (second - others * call)
    return pace.model_copy(update={"step": call * pace.calls, "beside": pace.beside + coming})


def _reset_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _peak(device: torch.device) -> int:
    return int(torch.cuda.max_memory_allocated(device)) if device.type == "cuda" else 0


def _give_back() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
