"""The LoRA of a step as a file for use: the newest, and where they are kept one for each checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trainer.lora.card import training_card, verdict_of_films
from trainer.lora.export import export_lora

if TYPE_CHECKING:
    from torch import nn

    from trainer.run.parts import Part


def write_lora(
    part: Part, transformer: nn.Module, model: Path, *, step: int, clips: int, is_newest: bool = True
) -> None:
    """Writes the LoRA that `transformer` has after `step`, learned from `clips` clips, by the recipe of `part`.

    Its card says what the test films of that very step say, where there are any. One that is not the newest is written
    only where all are kept. Raises as `export_lora` and `training_card` do.
    """
    recipe, run = part.recipe, part.run
    names = [recipe.lora_name] if is_newest else []
    if recipe.keep_loras:
        names.append(recipe.lora_name_at(step))
    if not names:
        return
    card = training_card(recipe, model, steps=step, clips=clips, verdict=verdict_of_films(run.samples(step)))
    for name in names:
        export_lora(run.lora(name), transformer, card, names=recipe.lora.names)
