"""Chooses the memory plan of a render from what is free now, as torch and the system say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.render.events import MemoryPlanned
from svi_studio.domain.render.fitting import Fitting, fit_model
from svi_studio.domain.render.memory_ladder import Ladder
from svi_studio.domain.render.memory_needs import MachineMemory
from svi_studio.domain.render.memory_planner import ROOM
from svi_studio.domain.render.plan_time import PROCESSOR_FLOPS, SHARE_OF_PEAK
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.memory_needs import ModelNeeds

if TYPE_CHECKING:
    from svi_studio.domain.film.track import InputKind
    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.domain.takes.job import ClipJob


@dataclass(frozen=True)
class ChosenPlan:
    """A plan that fits what was free, and what is asked for the next smaller one where it runs out all the same."""

    plan: MemoryPlan
    smaller: Ladder
    fitting: Fitting

    @property
    def event(self) -> MemoryPlanned | None:
        """What is said of it before the render; nothing of a model that fits everywhere."""
        return None if self.fitting.is_small else MemoryPlanned(self.plan, self.fitting.sentence)


def choose_plan(
    model: Path,
    jobs: Sequence[ClipJob],
    lora_files: Mapping[str, Path],
    device: torch.device,
    inputs: Collection[InputKind] = (),
    *,
    wishes: PlanWishes = NO_WISHES,
    machine: MachineMemory | None = None,
) -> ChosenPlan:
    """How the model in the folder ``model`` makes ``jobs`` on ``device``; ``lora_files`` by the hash that jobs have.

    ``machine``: what is free, by default what torch and the system say. Raises BadWeights, with what would help in
    numbers, when no plan fits that keeps to the ``wishes``, or a header cannot be read.
    """
    machine = machine or machine_memory(device)
    job = max(jobs, key=lambda each: (each.width * each.height * each.num_frames, len(each.loras)))
    loras = [LoraInUse(lora_files[use.sha256], use.weight, use.expert) for use in job.loras if use.sha256 in lora_files]
    needs = ModelNeeds(model, job, loras, inputs, on_card=device.type != "cpu")
    fitting = fit_model(needs.of, needs.clip, machine, wishes)
    if fitting.plan is None:
        raise BadWeights(fitting.sentence)
    return ChosenPlan(fitting.plan, Ladder(needs.of(needs.clip), int(machine.host * ROOM)), fitting)


def machine_memory(device: torch.device) -> MachineMemory:
    """What is free on ``device`` and in the computer; what torch has set aside on a card for itself counts as free."""
    host = int(psutil.virtual_memory().available)
    if device.type != "cuda":
        return MachineMemory(None, host, flops=PROCESSOR_FLOPS if device.type == "cpu" else None)
    free, _ = torch.cuda.mem_get_info(device)
    own = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    peak = peak_tflops(torch.cuda.get_device_name(device))
    return MachineMemory(free + own, host, flops=peak * 1e12 * SHARE_OF_PEAK if peak else None)
