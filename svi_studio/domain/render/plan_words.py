"""A memory plan in words: one sentence before a render, what it means in detail, and what helps where none fits."""

from collections.abc import Iterator
from typing import Final

from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import Helper, MemoryPlan
from svi_studio.domain.render.memory_planner import ROOM, NoPlan
from svi_studio.domain.render.memory_use import card_peak, host_use, is_let_go_for_pictures, processor_use
from svi_studio.domain.text.wording import as_bytes

UNLOCKED: Final = (
    "The system does not lock enough memory for the card, so some blocks cannot come while others work, and clips take "
    "longer; more memory, or a smaller file of the model, would help."
)
"""Where nothing else is known of the plan."""
_SMALL = 1_000_000_000  # bytes of a model; below, nobody needs to hear how it fits


def plan_sentence(plan: MemoryPlan, needs: MemoryNeeds, seconds: float | None = None, *, on_card: bool = True) -> str:
    """For example ``Fits: fp8, 12 of 40 blocks stay on the card, about 9 minutes a clip.``

    ``seconds`` of one clip; None: not known. ``on_card`` False: the processor computes.
    """
    where = _blocks(plan, needs) if on_card else "the processor makes the clips"
    if on_card and plan.aside_for_pictures and plan.resident_blocks != 0:
        where += " except while pictures are made"
    tiles = ["pictures are made in tiles"] if plan.tiled_vae else []
    time = [f"{about(seconds)} a clip"] if seconds is not None else []
    return f"Fits: {', '.join([needs.precision.removesuffix('-scaled'), where, *tiles, *time])}."


def unlocked_sentence(plan: MemoryPlan, needs: MemoryNeeds, seconds: float | None = None) -> str:
    """As ``plan_sentence``, where the system locked less memory than the plan's blocks lie in."""
    return f"{plan_sentence(plan, needs, seconds)} {UNLOCKED}"


def plan_details(plan: MemoryPlan, needs: MemoryNeeds, *, on_card: bool = True, card: str = "") -> tuple[str, ...]:
    """What the plan means for each part of the model, a sentence each; the memory that it takes comes first.

    ``card``: its name, where it is known.
    """
    if not on_card:
        return (f"It takes {as_bytes(processor_use(plan, needs))} of memory at most.",)
    return (
        f"It takes {as_bytes(card_peak(plan, needs))} of the card{f' ({card})' if card else ''} and "
        f"{as_bytes(host_use(plan, needs))} of memory at most.",
        *_details(plan, needs),
    )


def no_plan_sentence(
    none: NoPlan, needs: MemoryNeeds, machine: MachineMemory, helps: tuple[str, ...] = (), *, wished: bool = False
) -> str:
    """Why nothing fits, in numbers, and what ``helps``; ``wished``: nothing that a person's wishes leave."""
    lacks = []
    if machine.card is not None and none.card_lacks:
        lacks.append(_lack("the graphics card", none.smallest.card_bytes, machine.card))
    if none.host_lacks:
        used = none.smallest.host_bytes if machine.card is not None else processor_use(none.smallest, needs)
        lacks.append(_lack("this computer's memory", used, machine.host))
    way = f" What would help: {'; or '.join(helps)}." if helps else ""
    what = "This model does not fit here by this memory plan" if wished else "This model does not fit here"
    return f"{what}: {' and '.join(lacks)}.{way}"


def about(seconds: float) -> str:
    """``about 40 seconds``, ``about 9 minutes`` or ``about 2.5 hours``."""
    if seconds < 55:
        return "about 1 second" if round(seconds) <= 1 else f"about {round(seconds)} seconds"
    minutes = round(seconds / 60)
    if minutes < 90:
        return "about 1 minute" if minutes == 1 else f"about {minutes} minutes"
    return f"about {seconds / 3600:.1f} hours".replace(".0 ", " ")


def is_worth_telling(needs: MemoryNeeds) -> bool:
    """Whether the model is so large that people wonder if it fits."""
    return needs.experts * (needs.rest + sum(needs.blocks)) + needs.text_encoder >= _SMALL


def _blocks(plan: MemoryPlan, needs: MemoryNeeds) -> str:
    total, each = len(needs.blocks), " of each expert" if needs.experts == 2 else ""
    if plan.resident_blocks is None or plan.resident_blocks >= total:
        if needs.experts == 2:
            return "both experts stay on the card" if plan.other_expert == "beside" else "one expert is on the card"
        return "all of it stays on the card"
    if not plan.resident_blocks:
        return f"all {total} blocks{each} go through the card one by one"
    stay = "stays" if plan.resident_blocks == 1 else "stay"
    return f"{plan.resident_blocks} of {total} blocks{each} {stay} on the card"


def _details(plan: MemoryPlan, needs: MemoryNeeds) -> Iterator[str]:
    if plan.resident_blocks is not None and plan.resident_blocks < len(needs.blocks):
        which = "The other blocks" if plan.resident_blocks else "The blocks"
        yield f"{which} wait in the computer's memory, and each comes while the one before works."
    if needs.experts == 2:
        yield {
            "beside": "Both experts are ready at once.",
            "waiting": "The expert that does not work waits in the computer's memory.",
            "read_again": "The expert that does not work is read again from the disk, twice a clip.",
        }[plan.other_expert]
    if plan.aside_for_pictures:
        yield (
            "While pictures are made, no expert is in memory: the next clip reads its own from the disk anyway."
            if is_let_go_for_pictures(plan, needs)
            else "While pictures are made, the transformer waits in the computer's memory: they need its place."
        )
    parts: tuple[tuple[str, Helper, int], ...] = (
        ("The text encoder", plan.text_encoder, needs.text_encoder),
        ("The picture encoder", plan.image_encoder, needs.image_encoder),
        ("The video decoder", plan.vae, needs.vae),
    )
    for name, where, size in parts:
        if size and where == "while_working":
            yield f"{name} is on the card only while it works."
        elif size and where == "processor":
            yield f"{name} works on the processor, which takes a little longer."
    if plan.tiled_vae:
        yield "Pictures are made in tiles, because they do not fit whole; faint seams are possible."


def _lack(what: str, needed: int, free: int) -> str:
    return f"it needs {as_bytes(needed / ROOM)} of {what}, and {as_bytes(free)} are free"
