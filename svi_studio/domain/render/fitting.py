"""Whether a model's clips can be made on a computer, how, and how long one takes: the plan, and the words for it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from svi_studio.domain.film.work_sizes import PROCESSOR_FLOPS
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_planner import NoPlan, plan_memory
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.render.plan_time import SHARE_OF_PEAK, clip_seconds
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.render.plan_words import is_worth_telling, no_plan_sentence, plan_details, plan_sentence
from svi_studio.domain.render.what_helps import what_helps
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.domain.training.hardware import Hardware

_SCREEN: Final = 700_000_000
"""What the screen and other programs take of a card whose free memory is not known."""
_SYSTEM: Final = 3_500_000_000
"""What the system and other programs take of a memory of which is not known what is free."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """``plan`` None: it does not fit, and ``sentence`` says why and what would help. ``details``: a sentence each.

    ``needs`` are what it was computed from. ``is_small``: no one needs to hear of it, any computer can do it.
    ``seconds`` of one clip, None where nothing tells.
    """

    plan: MemoryPlan | None
    sentence: str
    details: tuple[str, ...] = ()
    seconds: float | None = None
    is_small: bool = False
    needs: MemoryNeeds | None = None


def fit_model(
    needs_of: Callable[[ClipSize], MemoryNeeds],
    clip: ClipSize,
    machine: MachineMemory,
    wishes: PlanWishes = NO_WISHES,
    seconds: float | None = None,
) -> Fitting:
    """How clips of the size ``clip`` are made on ``machine``; ``needs_of`` says what a size takes.

    ``seconds`` that a clip took here before count more than what can be computed.
    """
    needs, on_card = needs_of(clip), machine.card is not None
    small = not is_worth_telling(needs)
    plan = plan_memory(needs, machine, wishes)
    if isinstance(plan, NoPlan):
        helps = what_helps(plan, needs, machine, clip, needs_of, wishes=wishes)
        said = no_plan_sentence(plan, needs, machine, helps, wished=wishes != NO_WISHES)
        return Fitting(None, said, is_small=small, needs=needs)
    if seconds is None and machine.flops and needs.calls:
        seconds = clip_seconds(plan, needs, machine)
    said = plan_sentence(plan, needs, seconds, on_card=on_card)
    return Fitting(
        plan, said, plan_details(plan, needs, on_card=on_card, card=machine.name), seconds, is_small=small, needs=needs
    )


def lockable_memory(memory: int | None, platform: str) -> int | None:
    """Bytes that the system locks for a card at most, of so much ``memory``; None where nothing is known of a limit."""
    return memory // 2 if memory and platform == "win32" else None


def memory_of(hardware: Hardware) -> MachineMemory:
    """What a render can use of a computer: the card that it takes, and what is free of its memory.

    What is not known is judged by what there is in all. A card without a memory of its own computes in the computer's.
    """
    whole = hardware.memory or 0
    host = hardware.memory_free if hardware.memory_free is not None else max(whole - _SYSTEM, 0)
    if hardware.rendering is None:
        return MachineMemory(None, host, flops=PROCESSOR_FLOPS)
    card = hardware.cards[hardware.rendering]
    peak = peak_tflops(card.name)
    flops = peak * 1e12 * SHARE_OF_PEAK if peak else None
    if not card.memory:
        return MachineMemory(None, host, flops=flops)
    free, lockable = card.free or max(card.memory - _SCREEN, 0), lockable_memory(hardware.memory, sys.platform)
    return MachineMemory(free, host, flops=flops, lockable=lockable, name=card.name)
