"""What is said when memory ran out and a film goes on."""

import pytest

from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT, MemoryPlan
from svi_studio.domain.render.shortage_words import shortage_sentence


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            EVERYTHING_RESIDENT,
            MemoryPlan(resident_blocks=20),
            "Memory ran out: the clip goes on from its last finished step, and from now on only 20 blocks of the model "
            "stay on the card.",
        ),
        (
            MemoryPlan(resident_blocks=1, branches_at_once=True, other_expert="waiting"),
            MemoryPlan(resident_blocks=0, other_expert="read_again"),
            "Memory ran out: the clip goes on from its last finished step, and from now on no block of the model stays "
            "on the card, the expert that does not work is read from the disk again and the branches of guidance take "
            "turns.",
        ),
        (
            EVERYTHING_RESIDENT,
            MemoryPlan(vae="while_working", tiled_vae=True),
            "Memory ran out: the clip goes on from its last finished step, and from now on the video decoder comes "
            "onto the card only while it works and pictures are made in tiles.",
        ),
        (
            EVERYTHING_RESIDENT,
            MemoryPlan(resident_blocks=1, text_encoder="processor"),
            "Memory ran out: the clip goes on from its last finished step, and from now on only 1 block of the model "
            "stays on the card and the text encoder works on the processor.",
        ),
    ],
)
def test_the_sentence_says_what_is_different_now(before: MemoryPlan, after: MemoryPlan, sentence: str) -> None:
    assert shortage_sentence(before, after, "denoising") == sentence


def test_each_stage_says_what_is_done_again() -> None:
    smaller = MemoryPlan(tiled_vae=True)
    assert "prompts are encoded again" in shortage_sentence(EVERYTHING_RESIDENT, smaller, "texts")
    assert "from its finished steps" in shortage_sentence(EVERYTHING_RESIDENT, smaller, "decoding")
