"""What would make a model fit that does not: smaller pictures, smaller files, more memory; each tried, in numbers."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from svi_studio.domain.render.full_size_models import STORED_BITS
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_planner import ROOM, NoPlan, plan_memory
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.text.wording import as_bytes

_STEP = 32  # pixels; a multiple of every model's
_SMALLEST = 256
_LARGEST = 3  # the largest matrix of a block is no more than such a part of it
_LOOK = ("fp8-scaled", "Q5_K_M", "Q4_K_M")


def what_helps(
    none: NoPlan,
    needs: MemoryNeeds,
    machine: MachineMemory,
    clip: ClipSize,
    needs_of: Callable[[ClipSize], MemoryNeeds],
    *,
    wishes: PlanWishes = NO_WISHES,
) -> tuple[str, ...]:
    """Ways out, the cheapest first, each of which is enough by itself; ``needs_of`` says what another size takes.

    All but the first keep to the ``wishes``.
    """
    return (
        *_no_wishes(needs, machine, wishes),
        *_smaller_files(needs, machine, wishes),
        *_smaller_pictures(machine, clip, needs_of, wishes),
        *_more_memory(none),
    )


def _no_wishes(needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes) -> Iterator[str]:
    if wishes != NO_WISHES and not isinstance(plan_memory(needs, machine), NoPlan):
        yield "the automatic memory plan, which fits"


def _smaller_files(needs: MemoryNeeds, machine: MachineMemory, wishes: PlanWishes) -> Iterator[str]:
    """The finest kind of file whose numbers are small enough, with the LoRAs beside them."""
    whole = needs.blocks_computed or needs.blocks
    stored = sum(needs.blocks) - (needs.loras if needs.blocks_computed else 0)  # others have them merged into them
    now = stored / sum(whole) * 16 if sum(whole) else 0
    beside = needs.loras // max(len(whole), 1)
    work = replace(needs.work, kept=max(needs.work.kept, max(whole, default=0) // _LARGEST))
    for precision in _LOOK:
        share = STORED_BITS[precision] / 16
        blocks = tuple(round(size * share) for size in whole)
        text = min(needs.text_encoder, round(0.6 * needs.text_encoder) if now >= 16 else needs.text_encoder)
        smaller = replace(
            needs,
            blocks=tuple(size + beside for size in blocks),
            blocks_computed=whole,
            text_encoder=text,
            precision=precision,
            work=work,
        )
        if STORED_BITS[precision] < now - 0.5 and not isinstance(plan_memory(smaller, machine, wishes), NoPlan):
            name = precision.removesuffix("-scaled")
            each = " an expert" if needs.experts == 2 else ""
            yield f"the same model as {name} (about {as_bytes(sum(blocks) + needs.rest)}{each})"
            return


def _smaller_pictures(
    machine: MachineMemory, clip: ClipSize, needs_of: Callable[[ClipSize], MemoryNeeds], wishes: PlanWishes
) -> Iterator[str]:
    """The largest picture of nearly the same shape that fits."""
    width = clip.width - clip.width % _STEP
    while (width := width - _STEP) >= _SMALLEST:
        height = max(_STEP, round(clip.height * width / clip.width / _STEP) * _STEP)
        smaller = needs_of(replace(clip, width=width, height=height))
        if not isinstance(plan_memory(smaller, machine, wishes), NoPlan):
            yield f"pictures of {width} x {height} instead of {clip.width} x {clip.height}"
            return


def _more_memory(none: NoPlan) -> Iterator[str]:
    more = [
        f"{as_bytes(lacks / ROOM)} more of {what}"
        for lacks, what in ((none.card_lacks, "the graphics card"), (none.host_lacks, "memory"))
        if lacks
    ]
    if more:
        yield f"{' and '.join(more)}, by closing other programs or building it in"
