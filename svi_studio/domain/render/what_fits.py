"""Which of the models that people own fit a computer, in the finest kind of file that does, before any is there."""

from dataclasses import replace
from functools import lru_cache

from svi_studio.domain.render.fitting import memory_of
from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS, STORED_BITS, FullSizeModel, full_size_needs
from svi_studio.domain.render.memory_needs import MachineMemory
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_planner import plan_memory
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.training.hardware import Hardware

_CLIP = ClipSize(832, 480, 81)
_RANK = 128  # of the LoRA without which a long film drifts


@lru_cache(maxsize=8)
def what_fits(hardware: Hardware) -> tuple[tuple[str, str], ...]:
    """Titles of the models that make clips of 832 x 480 here, each with the finest kind of file that fits.

    Nothing without a graphics card: it would take days. What other programs hold of the memory now does not count, as
    it is asked what the computer can do.
    """
    if not hardware.cards:
        return ()
    emptied = replace(hardware, cards=tuple(replace(card, free=0) for card in hardware.cards), memory_free=None)
    machine = memory_of(emptied)
    found = ((model.title, _finest(model, machine)) for model in FULL_SIZE_MODELS.values())
    return tuple((title, precision) for title, precision in found if precision)


def _finest(model: FullSizeModel, machine: MachineMemory) -> str:
    for precision in STORED_BITS:
        needs = full_size_needs(
            model, precision, _CLIP, text=precision if precision == "bf16" else "fp8-scaled", rank=_RANK
        )
        if isinstance(plan_memory(needs, machine), MemoryPlan):
            return precision.removesuffix("-scaled")
    return ""
