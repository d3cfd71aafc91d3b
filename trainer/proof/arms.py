"""The arms of the proof: what is trained how, and which films each has to make."""

from dataclasses import dataclass, replace
from typing import Any

from svi_studio.domain.training.recipe import (
    ErrorRecycling,
    LoraRecipe,
    MemoryRecipe,
    OptimizerRecipe,
    TrainingRecipe,
)
from trainer.mini.configuration import CARD

BASE, CONTROL, ERFT, TRUTH = "base", "control", "erft", "truth"

LOOK = "sepia"

CAPACITY = 50
"""Z of the proof. The paper's 500 hardly fill in so short a training, and the errors of the untrained model stay."""


@dataclass(frozen=True)
class Arm:
    """One way to film: the model alone (no ``recipe``), or with a LoRA of that recipe at a ``strength``.

    ``handcrafted``: share of the training clips whose first frames are spoilt by hand (colour, blur, sharpening).
    ``handed_off``: share of those whose first frames went through the autoencoder before, as all frames have that are
    handed from clip to clip. ``look``: the look of the training clips and of the films.
    """

    name: str
    family: str
    recipe: TrainingRecipe | None = None
    handcrafted: float = 0.0
    handed_off: float = 0.0
    strength: float = 1.0
    look: str = ""

    @property
    def lora(self) -> str:
        """The name of the trained LoRA; arms that differ only in strength share it."""
        return "" if self.recipe is None else self.recipe.name


@dataclass(frozen=True)
class Sizes:
    """How much work the proof is; tests make it tiny."""

    steps: int = 4000
    shot_steps: int = 2000
    look_steps: int = 2000
    ablation_steps: int = 1000
    batch: int = 12
    clips: int = 50
    ablation_clips: int = 20
    boards: int = 32
    training_clips: int = 2000


def recipe(name: str, family: str, sizes: Sizes, *, steps: int, **errors: Any) -> TrainingRecipe:
    """The one recipe of the proof; arms differ in what is said of ``errors`` and in nothing else."""
    return TrainingRecipe(
        name=f"svi-{family}-{name}",
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
        seed=5,
        lora=LoraRecipe(rank=32, alpha=32.0),
        optimizer=OptimizerRecipe(learning_rate=1e-3, weight_decay=0.0, schedule="cosine", warmup_steps=50),
        errors=ErrorRecycling(**({"capacity": CAPACITY} | errors)),
        memory=MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
    )


def main_arms(family: str, sizes: Sizes) -> tuple[Arm, ...]:
    """The model alone, the honest control trained as long on the same clips without errors, and ERFT.

    A Shot has one arm more: image errors lie on the first latent frame alone, where the last clip's frame is. On three,
    as the authors have them, they lie on a part of the anchor too, which is never spoilt in a film.
    """
    steps = sizes.shot_steps if family == "shot" else sizes.steps

    def made(name: str, **errors: Any) -> Arm:
        return Arm(name, family, recipe(name, family, sizes, steps=steps, **errors))

    three = (Arm(BASE, family), made(CONTROL, enabled=False), made(ERFT))
    return (*three, made("erft-clean-anchor", image_frames=1)) if family == "shot" else three


def look_arms(sizes: Sizes) -> tuple[Arm, ...]:
    """Film in a look that the model never saw: alone, with the LoRA of Film, and with LoRAs trained on that look."""

    def made(name: str, **errors: Any) -> Arm:
        return Arm(name, "film", recipe(f"{LOOK}-{name}", "film", sizes, steps=sizes.look_steps, **errors), look=LOOK)

    base, _, other = main_arms("film", sizes)
    return (
        replace(base, look=LOOK),
        made(CONTROL, enabled=False),
        made(ERFT),
        replace(other, name="erft-plain-look", look=LOOK),
    )


def ablation_arms(sizes: Sizes) -> tuple[Arm, ...]:
    """Tables 4, 6 and 8 of the paper, on Film; and what the autoencoder does to frames as a teacher of its own."""

    def made(name: str, handcrafted: float = 0.0, handed_off: float = 0.0, **errors: Any) -> Arm:
        trained = recipe(name, "film", sizes, steps=sizes.ablation_steps, **errors)
        return Arm(name, "film", trained, handcrafted, handed_off)

    return (
        made("short-erft"),
        made("short-control", enabled=False),
        made("no-image-errors", image_probability=0.0),
        made("no-noise-errors", noise_probability=0.0),
        made("no-video-errors", latent_probability=0.0),
        made("handcrafted", handcrafted=0.5, enabled=False),
        made("self-and-handcrafted", handcrafted=0.5),
        made("handed-off", handed_off=0.5, enabled=False),
        made("self-and-handed-off", handed_off=0.5),
        *(made(f"bank-{size}", capacity=size) for size in (1, 10, 100, 500)),
    )


def strength_arms(sizes: Sizes) -> tuple[Arm, ...]:
    """Table 7: the LoRA of Film at less than its full strength."""
    full = main_arms("film", sizes)[2]
    return tuple(
        Arm(f"strength-{strength}", "film", full.recipe, strength=strength) for strength in (0.2, 0.4, 0.6, 0.8)
    )
