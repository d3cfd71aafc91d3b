"""Whether the model in a folder fits a computer for the clips of a film, from headers and what the drivers say."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from svi_studio.domain.film.family import family
from svi_studio.domain.render.fitting import Fitting, fit_model, memory_of
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.training.hardware import Hardware
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.memory_needs import ModelNeeds


def fit_film(
    model: Path,
    jobs: Sequence[ClipJob],
    lora_files: Mapping[str, Path],
    hardware: Hardware,
    *,
    wishes: PlanWishes = NO_WISHES,
    seconds: float | None = None,
) -> Fitting:
    """How the model in the folder ``model`` makes ``jobs`` on a computer with that ``hardware``.

    ``lora_files`` by the hash that jobs have; ``seconds`` that a clip took here before. Raises BadWeights when a header
    cannot be read.
    """
    machine, needs = memory_of(hardware), job_needs(model, jobs, lora_files, on_card=bool(hardware.cards))
    return fit_model(needs.of, needs.clip, machine, wishes, seconds)


def job_needs(model: Path, jobs: Sequence[ClipJob], lora_files: Mapping[str, Path], *, on_card: bool) -> ModelNeeds:
    """What the model takes for that of ``jobs`` that takes most: they are all of one size, some may have more LoRAs."""
    job = max(jobs, key=lambda each: (each.width * each.height * each.num_frames, len(each.loras)))
    loras = [LoraInUse(lora_files[use.sha256], use.weight, use.expert) for use in job.loras if use.sha256 in lora_files]
    return ModelNeeds(model, job, loras, family(job.family).needs, on_card=on_card)
