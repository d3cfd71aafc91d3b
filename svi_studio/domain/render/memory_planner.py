"""Chooses how the parts of a model share a graphics card and a computer's memory, or says why none of it fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import Helper, MemoryPlan, OtherExpert
from svi_studio.domain.render.memory_use import (
    card_peak,
    host_use,
    is_let_go_for_pictures,
    processor_use,
    streamed_bytes,
    with_peaks,
)
from svi_studio.domain.render.plan_time import clip_seconds
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes

ROOM: Final = 0.92
"""Share of what is free that a plan may count on: allocators leave gaps, and other programs go on."""

_HELPERS: tuple[Helper, ...] = ("resident", "while_working", "processor")
_EXPERTS: tuple[OtherExpert, ...] = ("beside", "waiting", "read_again")
_AS_FAST = 1.03  # plans that differ by less are equally fast, and the one with more on the card is chosen


@dataclass(frozen=True, slots=True)
class NoPlan:
    """None of the plans fits. ``smallest`` is the one that needs least of the card, and then of the computer's memory.

    Bytes that it lacks: of the card, and of the computer's memory.
    """

    smallest: MemoryPlan
    card_lacks: int
    host_lacks: int


def plan_memory(needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes = NO_WISHES) -> MemoryPlan | NoPlan:
    """The fastest plan that fits into what is free on ``machine``, by computation; ``wishes`` are kept to.

    Pictures go through the VAE in tiles only where nothing fits without. Of plans that are equally fast, the one with
    the most on the card.
    """
    if wishes.smallest:
        return with_peaks(_smallest(needs, machine, wishes), needs)
    for tiled in _choices(wishes.tiled_vae, (False, True)):
        fitting = [plan for plan in _candidates(needs, machine, wishes, tiled=tiled) if _fits(plan, needs, machine)]
        if fitting:
            return with_peaks(_best(fitting, needs, machine), needs)
    smallest = with_peaks(_smallest(needs, machine, wishes), needs)
    card = 0 if machine.card is None else smallest.card_bytes - _usable(machine.card)
    host = _host_use(smallest, needs, machine) - _usable(machine.host)
    return NoPlan(smallest, max(card, 0), max(host, 0))


def _best(plans: list[MemoryPlan], needs: MemoryNeeds, machine: MachineMemory) -> MemoryPlan:
    """Of those that are nearly as fast as the fastest, the one with the most of the transformer on the card.

    It stays there for pictures where it can; an expert that is read again anyway leaves, where more of it has room so.
    """
    seconds = [clip_seconds(plan, needs, machine) for plan in plans]
    enough = min(seconds) * _AS_FAST
    fast = [plan for plan, each in zip(plans, seconds, strict=True) if each <= enough]
    best = min(fast, key=lambda plan: (plan.aside_for_pictures, streamed_bytes(plan, needs)))
    as_it_is = {"aside_for_pictures": best.aside_for_pictures, "resident_blocks": best.resident_blocks}
    let_go = (plan for plan in fast if is_let_go_for_pictures(plan, needs))
    alike = (plan for plan in let_go if plan.model_copy(update=as_it_is) == best)
    return min((best, *alike), key=lambda plan: streamed_bytes(plan, needs))


def _candidates(needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes, *, tiled: bool) -> Iterator[MemoryPlan]:
    """Every way of placing the helpers and the other expert, each with as many blocks on the card as there is room."""
    at_once = _choices(wishes.branches_at_once, (False, True) if needs.branches > 1 else (False,))
    may_leave = (False, True) if machine.card is not None else (False,)
    for other, text, image, vae, together, aside in product(
        _choices(wishes.other_expert, _experts(needs, machine)),
        _choices(wishes.text_encoder, _places(machine, needs.text_encoder)),
        _choices(wishes.image_encoder, _places(machine, needs.image_encoder)),
        _choices(wishes.vae, _places(machine, needs.vae)[:2]),
        at_once,
        _choices(wishes.aside_for_pictures, may_leave),
    ):
        plan = MemoryPlan(
            keep_stored=True if wishes.keep_stored is None else wishes.keep_stored,
            other_expert=other,
            text_encoder=text,
            image_encoder=image,
            vae=vae,
            tiled_vae=tiled,
            branches_at_once=together,
            aside_for_pictures=aside,
        )
        yield with_most_blocks(plan, needs, machine, wishes)


def with_most_blocks(
    plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes = NO_WISHES
) -> MemoryPlan:
    """``plan`` with as many blocks on the card as fit there, all of them where they do; none where even that is too
    much."""
    if wishes.resident_blocks is not None:
        stay = None if wishes.resident_blocks == "all" else min(wishes.resident_blocks, len(needs.blocks))
        return plan.model_copy(update={"resident_blocks": stay})
    if machine.card is None or card_peak(plan, needs) <= _usable(machine.card):
        return plan
    low, high = 0, len(needs.blocks)
    while low < high:  # the largest number that fits
        middle = (low + high + 1) // 2
        fits = card_peak(plan.model_copy(update={"resident_blocks": middle}), needs) <= _usable(machine.card)
        low, high = (middle, high) if fits else (low, middle - 1)
    return plan.model_copy(update={"resident_blocks": low})


def _smallest(needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes) -> MemoryPlan:
    """What lacks least of what is free, the card first."""
    tiled = True if wishes.tiled_vae is None else wishes.tiled_vae

    def lacks(plan: MemoryPlan) -> tuple[int, int, int]:
        card = 0 if machine.card is None else max(0, card_peak(plan, needs) - _usable(machine.card))
        host = _host_use(plan, needs, machine)
        return card, max(0, host - _usable(machine.host)), host

    return min(_candidates(needs, machine, wishes, tiled=tiled), key=lacks)


def _fits(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> bool:
    on_card = machine.card is None or card_peak(plan, needs) <= _usable(machine.card)
    return on_card and _host_use(plan, needs, machine) <= _usable(machine.host)


def _host_use(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> int:
    return processor_use(plan, needs) if machine.card is None else host_use(plan, needs)


def _experts(needs: MemoryNeeds, machine: MachineMemory) -> tuple[OtherExpert, ...]:
    if needs.experts == 1:
        return _EXPERTS[:1]
    return _EXPERTS if machine.card is not None else ("beside", "read_again")  # waiting beside itself saves nothing


def _places(machine: MachineMemory, size: int) -> tuple[Helper, ...]:
    """Without a card only its being let go again makes a difference; a part that is not there is resident."""
    if not size:
        return _HELPERS[:1]
    return _HELPERS if machine.card is not None else _HELPERS[:2]


def _choices(wish: Any, all_of_them: tuple[Any, ...]) -> tuple[Any, ...]:
    return all_of_them if wish is None else (wish,)


def _usable(free: int) -> int:
    return int(free * ROOM)
