"""One render from beginning to end: load the model, put the LoRAs in, render the clips that are missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT
from svi_studio.domain.training.hardware import largest
from svi_studio.engine.chain.clip_loras import ClipLoras
from svi_studio.engine.chain.film import render_film
from svi_studio.engine.chain.first_texts import encode_first
from svi_studio.engine.conditions.loading import with_inputs
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.model_memory import survive

if TYPE_CHECKING:
    from svi_studio.domain.render.events import RenderEvent
    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.domain.render.plan import RenderPlan
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.domain.takes.take import TakeSink
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.engine.memory.model_memory import Smaller
    from svi_studio.weights.lora_in_use import LoraInUse


def ready_models(
    model: Path,
    loras: Sequence[LoraInUse],
    device: str | Card,
    inputs: Collection[InputKind] = (),
    *,
    plan: MemoryPlan = EVERYTHING_RESIDENT,
    smaller: Smaller | None = None,
    texts: Collection[str] = (),
) -> WanModels:
    """The networks of the folder `model` on `device`, laid out by `plan`, with the `loras` of the film put in.

    `inputs` are the kinds that the film's family needs: the networks to follow them come along. `smaller` knows what to
    do where memory runs out. `texts` are the prompts of the film: where the text encoder does not stay on the card,
    they are encoded before anything else is loaded. Raises `BadWeights` for a file that does not fit, `BadInput` for a
    device that is not here.
    """
    card = device if isinstance(device, Card) else Card(choose_device(device))
    if plan.text_encoder != "resident" and texts:
        plan = encode_first(model, card, texts, plan, smaller)
    poses = InputKind.SKELETON in inputs
    models = load_models(
        model,
        device=card,
        plan=plan,
        smaller=smaller,
        prepare=lambda read: apply_loras(read, loras, poses=poses),
    )
    return survive(models, "denoising", lambda: with_inputs(models, inputs, loras))


def render_jobs(
    plan: RenderPlan,
    jobs: Sequence[ClipJob],
    models: WanModels,
    sink: TakeSink,
    *,
    folder: Path,
    lora_files: Mapping[str, Path],
    emit: Callable[[RenderEvent], None],
    should_stop: Callable[[], bool],
) -> None:
    """Renders the takes of `jobs`, some of `plan`, that `sink` does not have, in order.

    `models` come from `ready_models`; `folder` is where the plan's picture paths start. Every clip is made with the
    LoRAs of its job; `lora_files` has the files by their hash. Raises `StudioError`, and `Stopped` when asked to stop.
    """
    chosen = plan.model_copy(update={"jobs": tuple(jobs)})
    loras = ClipLoras(models, lora_files, poses=InputKind.SKELETON in family(plan.family).needs)
    loras.check(chosen.missing(sink.has))
    render_film(chosen, models, sink, emit=emit, should_stop=should_stop, folder=folder, before_clip=loras.use)


def choose_device(name: str) -> torch.device:
    """``auto`` is the graphics card with the most memory, by which plans are judged before, else the processor.

    Raises BadInput for a device that is not here.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return _largest_card()
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise BadInput(f'The device "{name}" is not known: use auto, cpu, cuda, cuda:1 or mps.') from error
    usable = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if (device.index or 0) >= usable.get(device.type, 0):
        raise BadInput(f'The device "{name}" is not on this computer: use auto or cpu.')
    return device


def _largest_card() -> torch.device:
    cards = [torch.cuda.get_device_properties(each).total_memory for each in range(torch.cuda.device_count())]
    return torch.device("cuda", largest(cards) or 0) if len(cards) > 1 else torch.device("cuda")
