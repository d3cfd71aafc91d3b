"""The expert that does not learn just now, read for test films and stored as the one that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.loading.model_part import find_part
from svi_studio.weights.model_folder import EXPERT_PARTS
from trainer.dataset.encoders import COMPUTE_DTYPES
from trainer.evaluation.both_experts import OtherExpert, merge_lora, with_lora
from trainer.run.transformer.float8 import keep_in_float8
from trainer.run.transformer.narrow_reading import read_narrow

if TYPE_CHECKING:
    from torch import nn

    from svi_studio.domain.training.recipe import TrainingRecipe


def other_expert(recipe: TrainingRecipe, model: Path, device: torch.device, lora: Path | None) -> OtherExpert | None:
    """What films are made with beside the expert that `recipe` trains; None for a model of one transformer.

    `lora` is the file of the one that was trained before.
    """
    if recipe.expert == "both":
        return None
    return OtherExpert(lambda file: _load(recipe, model, device, file), lora)


def _load(recipe: TrainingRecipe, model: Path, device: torch.device, lora: Path | None) -> nn.Module:
    """The expert that `recipe` does not train, with `lora` merged. Raises BadWeights or BadInput.

    Where blocks are swapped it stays in ordinary memory: the card has no room for all of it at a time.
    """
    device = torch.device("cpu") if recipe.memory.swapped_blocks else device
    dtype = COMPUTE_DTYPES[recipe.memory.base_precision]
    part = find_part(model, EXPERT_PARTS["low" if recipe.expert == "high" else "high"])
    if recipe.memory.base_precision == "float8":
        transformer: Any = read_narrow(part, device, dtype, *(() if lora is None else (with_lora(part.outline, lora),)))
        keep_in_float8(transformer.blocks)
    else:
        transformer = part.load(device, dtype)
        if lora is not None:
            merge_lora(transformer, lora)
    network: nn.Module = transformer.to(device)
    return network
