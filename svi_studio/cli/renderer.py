"""The one place where the command line meets torch: load the model, put the LoRAs in, render."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from svi_studio.cli.prepare import PreparedFilm
from svi_studio.domain.errors import BadInput
from svi_studio.domain.events import ClipStarted, RenderEvent
from svi_studio.domain.job import ClipJob
from svi_studio.engine.film import render_film
from svi_studio.engine.loading import load_models
from svi_studio.engine.lora import apply_loras
from svi_studio.project.film_source import FilmSource


def render_jobs(
    film: FilmSource,
    prepared: PreparedFilm,
    jobs: Sequence[ClipJob],
    device: str,
    *,
    emit: Callable[[RenderEvent], None],
    should_stop: Callable[[], bool],
) -> None:
    """Render the takes of ``jobs`` that are missing, in order; raises StudioError, and Stopped when asked to."""
    models = load_models(prepared.model, device=choose_device(device))
    apply_loras(models, prepared.loras)
    plan = prepared.plan.model_copy(update={"jobs": tuple(jobs)})

    def emit_film_numbers(event: RenderEvent) -> None:
        """Clip k of n counts the clips of the whole film, also when only some of them are rendered."""
        emit(replace(event, total=len(prepared.plan.jobs)) if isinstance(event, ClipStarted) else event)

    render_film(plan, models, film.takes, emit=emit_film_numbers, should_stop=should_stop, folder=film.folder)


def choose_device(name: str) -> torch.device:
    """``auto`` is the first graphics card, else the processor; raises BadInput for a device that is not here."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise BadInput(f'The device "{name}" is not known: use auto, cpu, cuda, cuda:1 or mps.') from error
    usable = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if (device.index or 0) >= usable.get(device.type, 0):
        raise BadInput(f'The device "{name}" is not on this computer: use auto or cpu.')
    return device
