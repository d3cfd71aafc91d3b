"""What a memory plan takes of the graphics card and of the computer's memory, stage by stage: plain sums."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Final

from svi_studio.domain.render.memory_needs import MemoryNeeds, Stage
from svi_studio.domain.render.memory_plan import Helper, MemoryPlan

LIBRARIES: Final = 700_000_000
"""What the driver, its libraries and their workspaces take of a card."""
CONTEXT: Final = 400_000_000
"""What of that is taken as soon as a program has asked the card anything."""
PROGRAM: Final = 2_000_000_000
"""What the program and its libraries take of the computer's memory."""
RING: Final = 2
"""Blocks for which there is room on the card while others are streamed: the one that works, and the next."""


def card_use(plan: MemoryPlan, needs: MemoryNeeds) -> Mapping[Stage, int]:
    """Bytes of the card in each stage.

    All texts are encoded before the transformer comes. What is resident of it stays while its helpers work; the ring
    through which the other blocks go is there only while it works itself.
    """
    helpers = LIBRARIES + _if_resident(plan.image_encoder, needs.image_encoder) + _if_resident(plan.vae, needs.vae)
    texts = 0 if plan.text_encoder == "processor" else needs.text_encoder + needs.work.texts
    resident, ring = _transformers(plan, needs)
    beside = helpers + _if_resident(plan.text_encoder, needs.text_encoder)
    always = beside + resident
    filming = beside if plan.aside_for_pictures else always
    encoding, decoding = picture_work_of(plan, needs)
    return {
        "texts": helpers + texts,
        "pictures": always + _guest(plan.image_encoder, needs.image_encoder, needs.work.pictures),
        "encoding": filming + _guest(plan.vae, needs.vae, encoding),
        "denoising": always + ring + denoising_work(plan, needs),
        "decoding": filming + _guest(plan.vae, needs.vae, decoding),
    }


def card_peak(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    """The most bytes of the card at any time."""
    return max(card_use(plan, needs).values())


def host_use(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    """The most bytes of the computer's memory that a render takes.

    A text encoder is let go before the transformer comes, unless it is resident on the card. Blocks that stay on the
    card have no copy here; while the others are laid side by side, one is here twice. While two experts change places,
    both are here for a moment. LoRAs are put in between clips or steps, when no frames are here. A transformer that
    leaves the card for pictures is here wholly then, unless it is let go.
    """
    working = needs.text_encoder + needs.work.texts if plan.text_encoder == "processor" else needs.largest_text
    waiting = _off_card(plan.image_encoder, needs.image_encoder) + _off_card(plan.vae, needs.vae)
    vae = max(picture_work_of(plan, needs)) if plan.vae == "processor" else 0
    pictures = needs.work.pictures if plan.image_encoder == "processor" else 0
    streamed = streamed_bytes(plan, needs)
    packing = max(needs.blocks_as(keep_stored=plan.keep_stored), default=0) if streamed else 0
    whole = needs.rest + sum(needs.blocks_as(keep_stored=plan.keep_stored))
    blocks = streamed * _working_experts(plan, needs) + packing
    if plan.aside_for_pictures and not is_let_go_for_pictures(plan, needs):
        blocks = max(blocks, whole * _working_experts(plan, needs))
    if needs.experts == 2 and plan.other_expert == "waiting":
        blocks = 2 * whole
    filming = blocks + max(needs.frames + max(vae, pictures), needs.loras)
    return PROGRAM + waiting + max(working, filming)


def processor_use(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    """The most bytes of the computer's memory where its processor computes everything; nothing is there twice."""
    return card_peak(plan, needs) - LIBRARIES + PROGRAM + max(needs.frames, needs.loras)


def streamed_bytes(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    """Bytes of the blocks of one transformer that do not stay on the card, and go through it in each call.

    Which blocks stay is the engine's choice: of blocks that differ in size the smallest are taken to stay here, and the
    largest where the card is counted.
    """
    if plan.resident_blocks is None:
        return 0
    smallest = _smallest(needs.blocks_as(keep_stored=plan.keep_stored))
    return smallest[-1] - smallest[min(plan.resident_blocks, len(smallest) - 1)]


def denoising_work(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    """Bytes of one step beside the weights."""
    kept = needs.work.kept if plan.keep_stored else 0
    more = (needs.branches - 1) * needs.work.branch if plan.branches_at_once else 0
    return needs.work.denoising + kept + more


def picture_work_of(plan: MemoryPlan, needs: MemoryNeeds) -> tuple[int, int]:
    """Bytes of encoding and of decoding beside the weights."""
    work = needs.work
    return (work.encoding_tiled, work.decoding_tiled) if plan.tiled_vae else (work.encoding, work.decoding)


def is_let_go_for_pictures(plan: MemoryPlan, needs: MemoryNeeds) -> bool:
    """Whether no transformer is in memory at all while the VAE works."""
    return plan.aside_for_pictures and needs.experts == 2 and plan.other_expert == "read_again"


def with_peaks(plan: MemoryPlan, needs: MemoryNeeds) -> MemoryPlan:
    """The plan with the bytes that it takes at most."""
    return plan.model_copy(update={"card_bytes": card_peak(plan, needs), "host_bytes": host_use(plan, needs)})


def _transformers(plan: MemoryPlan, needs: MemoryNeeds) -> tuple[int, int]:
    """Of every expert that is on the card: what lies in no block and the blocks that stay, and the ring."""
    smallest = _smallest(needs.blocks_as(keep_stored=plan.keep_stored))
    total = len(smallest) - 1
    streamed = 0 if plan.resident_blocks is None else max(total - plan.resident_blocks, 0)
    largest = smallest[-1] - smallest[-2] if total else 0
    resident = smallest[-1] - smallest[streamed]  # the largest blocks, which may be those that stay
    experts = _working_experts(plan, needs)
    return experts * (needs.rest + resident), experts * largest * min(RING, streamed)


@lru_cache(maxsize=64)
def _smallest(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Bytes of no block, of the smallest, of the two smallest, and so on, to those of all."""
    return (0, *accumulate(sorted(sizes)))


def _working_experts(plan: MemoryPlan, needs: MemoryNeeds) -> int:
    return needs.experts if plan.other_expert == "beside" else 1


def _if_resident(where: Helper, size: int) -> int:
    return size if where == "resident" else 0


def _off_card(where: Helper, size: int) -> int:
    return 0 if where == "resident" else size


def _guest(where: Helper, size: int, work: int) -> int:
    """What a helper adds to the card while it works."""
    if where == "processor":
        return 0
    return work if where == "resident" else size + work
