"""Writes `resources/memory-plans.md`: which memory plan is chosen for which card, memory and model, and what it takes.

Run as `python -m tests.memory_plans` after a change to the plans; a test compares the file with what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS, STORED_BITS, FullSizeModel, full_size_needs
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_planner import ROOM, NoPlan, plan_memory
from svi_studio.domain.render.model_shape import ClipSize

FILE = Path(__file__).parents[1] / "resources" / "memory-plans.md"
CARDS, MEMORY = (6, 8, 10, 12, 16, 24, 32, 48, 80), (16, 32, 64)
CLIP = ClipSize(832, 480, 81)
RANK = 128 + 64
_SCREEN, _SYSTEM = 700_000_000, 3_500_000_000

_HEAD = f"""# Which memory plan for which card

What `auto` chooses for a clip of {CLIP.width} x {CLIP.height} pixels and {CLIP.num_frames} frames, with guidance, an
SVI LoRA of rank 128 and a LoRA for few steps of rank 64. All of it is computed, nothing here was measured: the sizes of
the weights, and formulas for the work on them, which an accounting of every tensor of the real networks proves
(`tests/engine/test_work_sizes.py`). The text encoder is in bf16 beside a model in bf16, else in fp8. A card is taken to
have {_SCREEN / 1e9:.1f} GB less than its name says, for the screen, and a computer {_SYSTEM / 1e9:.1f} GB less, for the
system; of the rest a plan uses {ROOM:.0%} at most.

A field says how many of the transformer's blocks stay on the card, and the most that the plan takes: GB on the card +
GB of the computer's memory. Blocks that do not stay come from the computer's memory while the one before works.

- **both**: both experts are laid out so, side by side; **waits**: the expert that does not work is in the computer's
  memory; **disk**: it is read again, twice a clip
- **text cpu**: the text encoder works on the processor, else on the card, before the transformer comes
- **aside**: the transformer leaves the card while pictures are made; one that is read again anyway is let go for that
- **tiles**: pictures are made in tiles, because the video decoder has no room for whole ones
- **no**: it does not fit; GB that are missing of the card + of the memory

`svi-studio info FILM` says it for a film on this computer, and `--memory-plan` tries another one.
This page is written by `python -m tests.memory_plans`.
"""


def table() -> str:
    """The whole page."""
    sections = (_section(model, precision) for model in FULL_SIZE_MODELS.values() for precision in STORED_BITS)
    return _HEAD + "".join(sections)


def needs_in_table(model: FullSizeModel, precision: str) -> MemoryNeeds:
    """What a clip of the page takes."""
    text = "bf16" if precision == "bf16" else "fp8-scaled"
    return full_size_needs(model, precision, CLIP, text=text, rank=RANK)


def machine_in_table(card: int, memory: int) -> MachineMemory:
    """A computer of the page, by the gigabytes on its boxes."""
    return MachineMemory((card << 30) - _SCREEN, (memory << 30) - _SYSTEM)


def _section(model: FullSizeModel, precision: str) -> str:
    needs = needs_in_table(model, precision)
    size = (sum(needs.blocks) + needs.rest) / 1e9
    each = " an expert" if model.experts == 2 else ""
    rows = (f"| {card} GB | {' | '.join(_fields(needs, card))} |\n" for card in CARDS)
    head = f"| card | {' | '.join(f'{memory} GB of memory' for memory in MEMORY)} |\n|---|{'---|' * len(MEMORY)}\n"
    return f"\n## {model.title}, {precision} ({size:.1f} GB{each} with LoRAs)\n\n{head}{''.join(rows)}"


def _fields(needs: MemoryNeeds, card: int) -> Iterator[str]:
    for memory in MEMORY:
        plan = plan_memory(needs, machine_in_table(card, memory))
        if isinstance(plan, NoPlan):
            yield f"no: {plan.card_lacks / 1e9:.1f} + {plan.host_lacks / 1e9:.1f}"
        else:
            yield f"{', '.join(_words(plan, needs))}: {plan.card_bytes / 1e9:.1f} + {plan.host_bytes / 1e9:.1f}"


def _words(plan: MemoryPlan, needs: MemoryNeeds) -> Iterator[str]:
    total = len(needs.blocks)
    yield "all" if plan.resident_blocks is None else f"{plan.resident_blocks} of {total}"
    if needs.experts == 2:
        yield {"beside": "both", "waiting": "waits", "read_again": "disk"}[plan.other_expert]
    if plan.text_encoder == "processor":
        yield "text cpu"
    if plan.aside_for_pictures:
        yield "aside"
    if plan.tiled_vae:
        yield "tiles"


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
