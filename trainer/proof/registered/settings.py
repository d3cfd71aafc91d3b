"""How much work the registered proof is, and the one recipe that all of its trainings share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from svi_studio.domain.training.recipe import (
    ErrorRecycling,
    LoraRecipe,
    MemoryRecipe,
    OptimizerRecipe,
    TrainingRecipe,
)
from trainer.mini.configuration import CARD

CAPACITY: Final = 50
"""Z. The paper's 500 hardly fill in so short a training, and the errors of the untrained model stay."""

SEED: Final = 70
"""Training number n of an arm, from 1, draws everything from this and n."""


@dataclass(frozen=True)
class Sizes:
    """What is made; tests make it tiny. ``long_clips``: of the films of 250 seconds."""

    steps: int = 2000
    ablation_steps: int = 1000
    trainings: int = 3
    batch: int = 12
    boards: int = 64
    clips: int = 50
    long_boards: int = 16
    long_clips: int = 188
    ablation_boards: int = 32
    ablation_clips: int = 20
    healed_boards: int = 32
    healing_clips: int = 5
    training_clips: int = 2000


@dataclass(frozen=True)
class Training:
    """One LoRA: number ``number`` (from 1) of its kind, learned from clips in a ``look``.

    ``any_anchor``: the rest of a Shot's condition shows a random other clip's picture, as the paper trains it.
    ``handcrafted``: share of the clips whose first frames are spoilt by hand.
    """

    name: str
    recipe: TrainingRecipe
    look: str
    number: int
    any_anchor: bool = False
    handcrafted: float = 0.0


def recipe(name: str, family: str, sizes: Sizes, number: int, steps: int, **errors: Any) -> TrainingRecipe:
    """The one recipe; trainings differ in what is said of ``errors``, in their seed and in nothing else."""
    return TrainingRecipe(
        name=name,
        follows="The authors' script, made small: rank 32, learning rate 1e-3 falling to 0, for a model of 2 million.",
        family=family,
        num_frames=CARD["num_frames"],
        width=CARD["width"],
        height=CARD["height"],
        fps=CARD["fps"],
        batch_size=sizes.batch,
        steps=steps,
        save_every=min(250, steps),
        keep_checkpoints=1,
        seed=SEED + number,
        lora=LoraRecipe(rank=32, alpha=32.0),
        optimizer=OptimizerRecipe(learning_rate=1e-3, weight_decay=0.0, schedule="cosine", warmup_steps=50),
        errors=ErrorRecycling(**({"capacity": CAPACITY} | errors)),
        memory=MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
    )
