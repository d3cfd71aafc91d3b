"""The arms of svi-theatre's proof: by family the model alone, a control that learned without errors, and ERFT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from svi_studio.domain.training.recipe import (
    ErrorRecycling,
    LoraRecipe,
    MemoryRecipe,
    OptimizerRecipe,
    TrainingRecipe,
)
from trainer.paper_theatre.stage import FINE
from trainer.proof.arms import BASE, CAPACITY, CONTROL, ERFT

FAMILIES: Final = ("pro", "film", "talk", "dance")
ARMS: Final = (BASE, CONTROL, ERFT)
EXPERTS: Final = "experts"
"""Of Pro alone: svi-theatre made into two experts, without any LoRA."""

HANDED_ON: Final = {"pro": 2, "film": 2, "talk": 1, "dance": 1}
"""Latents of the condition, from the first, that carry errors: those that a film hands on, and Pro's anchor."""


@dataclass(frozen=True)
class Sizes:
    """How much work the proof is; tests make it tiny."""

    steps: int = 1500
    batch: int = 12
    films: int = 16
    clips: int = 50
    rank: int = 32


def recipe(family: str, arm: str, sizes: Sizes) -> TrainingRecipe:
    """The one recipe; the control differs in that there are no errors, and in nothing else."""
    errors = ErrorRecycling(enabled=arm == ERFT, capacity=CAPACITY, image_frames=HANDED_ON[family])
    return TrainingRecipe(
        name=f"svi-{family}-{arm}",
        follows="The authors' script, made small: rank 32, learning rate 5e-4 falling to 0, for a model of 10 million.",
        family=family,
        num_frames=FINE.num_frames,
        width=FINE.width,
        height=FINE.height,
        fps=FINE.fps,
        batch_size=sizes.batch,
        steps=sizes.steps,
        save_every=min(100, sizes.steps),
        keep_checkpoints=1,
        seed=5,
        lora=LoraRecipe(rank=sizes.rank, alpha=float(sizes.rank)),
        optimizer=OptimizerRecipe(learning_rate=5e-4, weight_decay=0.0, schedule="cosine", warmup_steps=50),
        errors=errors,
        memory=MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
    )
