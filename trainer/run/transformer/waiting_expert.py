"""The expert that does not learn just now, read for test films and stored as the one that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.loading.model_part import load_part
from svi_studio.weights.model_folder import EXPERT_PARTS
from trainer.dataset.encoders import COMPUTE_DTYPES
from trainer.evaluation.both_experts import OtherExpert, merge_lora
from trainer.run.transformer.float8 import keep_in_float8

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
    """The expert that `recipe` does not train, with `lora` merged. Raises BadWeights or BadInput."""
    narrow = recipe.memory.base_precision == "float8"
    place = torch.device("cpu") if narrow else device
    part = EXPERT_PARTS["low" if recipe.expert == "high" else "high"]
    transformer: Any = load_part(model, part, place, COMPUTE_DTYPES[recipe.memory.base_precision])
    if lora is not None:
        merge_lora(transformer, lora)
    if narrow:
        keep_in_float8(transformer.blocks)
    network: nn.Module = transformer.to(device)
    return network
