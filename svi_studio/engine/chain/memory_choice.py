"""Chooses the memory plan of a render from what is free now, as torch and the system say it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import torch

from svi_studio.domain.errors import BadWeights, NotEnoughMemory
from svi_studio.domain.film.family import family
from svi_studio.domain.film.work_sizes import PROCESSOR_FLOPS
from svi_studio.domain.render.events import MemoryPlanned
from svi_studio.domain.render.fitting import Fitting, fit_model, lockable_memory
from svi_studio.domain.render.memory_ladder import Ladder
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT, MemoryPlan
from svi_studio.domain.render.memory_planner import ROOM
from svi_studio.domain.render.memory_use import CONTEXT, PROGRAM
from svi_studio.domain.render.plan_time import SHARE_OF_PEAK, clip_seconds
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.render.plan_words import UNLOCKED, unlocked_sentence
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.engine.chain.render_job import choose_device, ready_models
from svi_studio.engine.memory.pinned import LOCKS
from svi_studio.engine.out_of_memory import ran_out_of_memory
from svi_studio.weights.fitting import job_needs

if TYPE_CHECKING:
    from svi_studio.domain.film.track import InputKind
    from svi_studio.domain.render.events import RenderEvent
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.weights.lora_in_use import LoraInUse


@dataclass(frozen=True)
class WantedFilm:
    """What is to be rendered: ``jobs`` with the model in the folder ``model``.

    ``loras`` are those of the film, ``lora_files`` has all of them by the hash that jobs have; ``family`` is the
    film's.
    """

    model: Path
    jobs: Sequence[ClipJob]
    loras: Sequence[LoraInUse]
    lora_files: Mapping[str, Path]
    family: str

    @property
    def inputs(self) -> Collection[InputKind]:
        """What the family follows."""
        return family(self.family).needs

    @property
    def texts(self) -> tuple[str, ...]:
        """All that the text encoder has to read, each once."""
        return tuple(dict.fromkeys(text for job in self.jobs for text in (job.prompt, job.negative_prompt)))


@dataclass(frozen=True)
class ChosenPlan:
    """A plan that fits what was free, and what is asked for the next smaller one where it runs out all the same.

    ``needs`` of the model and its largest clip, on the processor where not ``on_card``.
    """

    plan: MemoryPlan
    smaller: Ladder
    fitting: Fitting
    needs: MemoryNeeds
    on_card: bool = True
    machine: MachineMemory | None = None

    @property
    def event(self) -> MemoryPlanned | None:
        """What is said of it before the render; nothing of a model that fits everywhere."""
        return None if self.fitting.is_small else MemoryPlanned(self.plan, self.fitting.sentence)

    def unlocked_words(self, plan: MemoryPlan) -> str:
        """What is said of `plan`, which is in force now, where the system refused to lock memory for its blocks."""
        if self.machine is None:
            return UNLOCKED
        machine = replace(self.machine, lockable=LOCKS.refused_at)
        known = machine.flops and self.needs.calls
        return unlocked_sentence(plan, self.needs, clip_seconds(plan, self.needs, machine) if known else None)


def choose_plan(
    film: WantedFilm,
    device: torch.device,
    *,
    wishes: PlanWishes = NO_WISHES,
    machine: MachineMemory | None = None,
    holding: bool = False,
) -> ChosenPlan:
    """How the clips of ``film`` are made on ``device``; from then on torch takes no more of a card than plans may.

    ``machine``: what is free, by default what torch and the system say. ``holding``: the same model lies in the memory
    of this process already, all of which can be used again. Raises BadWeights, with what would help in numbers, when no
    plan fits that keeps to the ``wishes``, or when a header cannot be read.
    """
    machine = machine or machine_memory(device, holding=holding)
    needs = job_needs(film.model, film.jobs, film.lora_files, on_card=device.type != "cpu")
    fitting = fit_model(needs.of, needs.clip, machine, wishes)
    if fitting.plan is None and not fitting.is_small:
        raise BadWeights(fitting.sentence)
    if fitting.plan is not None and device.type == "cuda" and machine.card is not None:
        keep_off_the_computers_memory(device, machine)
    needed = needs.of(needs.clip)
    on_card = machine.card is not None
    ladder = Ladder(needed, int(machine.host * ROOM), on_card=on_card)
    return ChosenPlan(fitting.plan or EVERYTHING_RESIDENT, ladder, fitting, needed, on_card, machine)


def planned_models(
    film: WantedFilm, device: str, wishes: PlanWishes = NO_WISHES, *, emit: Callable[[RenderEvent], None]
) -> WanModels:
    """The networks for ``film``, laid out by the plan that is best now, which ``emit`` hears of.

    Raises as ``choose_plan`` and ``ready_models``.
    """
    chosen = choose_plan(film, choose_device(device), wishes=wishes)
    if chosen.event is not None:
        emit(chosen.event)
    return load_planned(film, device, chosen)


def load_planned(film: WantedFilm, device: str, chosen: ChosenPlan) -> WanModels:
    """The networks for ``film``, laid out as was chosen; raises as ``ready_models``, and NotEnoughMemory."""
    LOCKS.begin()
    with shortage_in_words():
        models = ready_models(
            film.model, film.loras, device, film.inputs, plan=chosen.plan, smaller=chosen.smaller, texts=film.texts
        )
    if models.memory is not None:
        models.memory.unlocked_words = chosen.unlocked_words
    return models


@contextmanager
def shortage_in_words() -> Iterator[None]:
    """What is loaded or laid out in there raises NotEnoughMemory, with what would help, where memory runs out."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not ran_out_of_memory(error):
            raise
        raise NotEnoughMemory(
            "There was not enough memory to load the model, though it should have fit. What would help: closing other "
            "programs; or the same model in a smaller file, as fp8 or GGUF; or smaller pictures."
        ) from error


def keep_off_the_computers_memory(device: torch.device, machine: MachineMemory) -> None:
    """Lets torch have what plans may take of the card, and then run out, which a smaller plan follows.

    Windows' drivers would lend it the computer's memory instead, and all would go on many times slower.
    """
    if machine.card is not None and device.type == "cuda" and sys.platform == "win32":
        whole = torch.cuda.get_device_properties(device).total_memory
        _cap(device, min(max(int(machine.card * ROOM) - CONTEXT, 0) / whole, 1.0))


def may_have_all(device: torch.device) -> None:
    """Takes back ``keep_off_the_computers_memory``: a render is over, and another kind of model may come."""
    if device.type == "cuda" and sys.platform == "win32":
        _cap(device, 1.0)


def _cap(device: torch.device, share: float) -> None:
    one = device if device.index is not None else None  # torch knows no card without a number here
    torch.cuda.set_per_process_memory_fraction(share, one)


def machine_memory(device: torch.device, *, holding: bool = False) -> MachineMemory:
    """What is free on ``device`` and in the computer; where this process is ``holding`` a model, with what that takes.

    The program itself takes as much as plans say, and what it holds beyond is the model's.
    """
    host = int(psutil.virtual_memory().available)
    if holding:
        told = psutil.Process().memory_info()
        host += max(told.rss - getattr(told, "shared", 0) - PROGRAM, 0)  # files that are mapped count as free already
    if device.type != "cuda":
        return MachineMemory(None, host, flops=PROCESSOR_FLOPS if device.type == "cpu" else None)
    lockable = LOCKS.refused_at
    if lockable is None:
        lockable = lockable_memory(psutil.virtual_memory().total, sys.platform)
    free, whole = torch.cuda.mem_get_info(device)  # which takes the context, that plans count with the libraries
    peak = peak_tflops(name := torch.cuda.get_device_name(device))
    own = torch.cuda.memory_reserved(device)  # by torch, for the networks that are there and the next ones
    flops = peak * 1e12 * SHARE_OF_PEAK if peak else None
    return MachineMemory(min(free + own + CONTEXT, whole), host, flops=flops, lockable=lockable, name=name)
