"""The transformer as a training needs it: its adapter in place, stored as the recipe says, ready on its device."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.loading.model_part import find_part
from svi_studio.engine.memory.card import Card
from svi_studio.weights.model_folder import EXPERT_PARTS
from trainer.dataset.encoders import COMPUTE_DTYPES
from trainer.erft.batch import Batch
from trainer.erft.step import Velocity
from trainer.lora.adapter import add_adapter
from trainer.lora.start_from import load_adapter
from trainer.run.transformer.float8 import keep_in_float8
from trainer.run.transformer.followed import add_networks, followed
from trainer.run.transformer.narrow_reading import read_narrow
from trainer.run.transformer.offload import with_offload
from trainer.run.transformer.swapped_blocks import swap_blocks


def load_for_training(recipe: TrainingRecipe, model: Path, device: torch.device, *, is_new: bool = True) -> Any:
    """The transformer of the model folder with a LoRA, new or from the recipe's ``start_from``, on ``device``.

    Of a model with two experts only the one that is trained is loaded. A training that is not new has its LoRA in a
    checkpoint, so that the file it started from may be gone.

    A float8 base is narrowed tensor by tensor while it is read, so that no memory ever holds the wide one. Blocks that
    are swapped wait in ordinary memory, and so all is read there first. Raises BadWeights or BadInput.
    """
    narrow, swapped = recipe.memory.base_precision == "float8", recipe.memory.swapped_blocks
    place = torch.device("cpu") if swapped else device
    dtype = COMPUTE_DTYPES[recipe.memory.base_precision]
    part = find_part(model, trained_part(recipe))
    transformer: Any = read_narrow(part, place, dtype) if narrow else part.load(place, dtype)
    add_adapter(transformer, recipe.lora, torch.Generator().manual_seed(recipe.seed))
    add_networks(transformer, recipe.family, model, place, dtype)
    if is_new and recipe.lora.start_from is not None:
        load_adapter(transformer, Path(recipe.lora.start_from))
    if narrow:
        keep_in_float8(transformer.blocks)
    if recipe.memory.gradient_checkpointing:
        transformer.enable_gradient_checkpointing()
    if swapped:
        swap_blocks(transformer, swapped, Card(device))
        return transformer
    return transformer.to(device)


def trained_part(recipe: TrainingRecipe) -> str:
    """The folder of a model in which the transformer lies that is trained."""
    return EXPERT_PARTS["high" if recipe.expert == "both" else recipe.expert]


def training_velocity(transformer: Any) -> Velocity:
    """How a `WanTransformer3DModel` is asked for a velocity while it learns."""

    def velocity(noisy: Tensor, y: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        kind = transformer.patch_embedding.weight.dtype  # what it computes in: never kept in fewer bits
        tokens = None if batch.picture is None else batch.picture.to(kind)
        extra = followed(transformer, batch, kind)
        return predict(transformer, noisy, sigma, y=y.to(kind), text=batch.text.to(kind), tokens=tokens, extra=extra)

    return velocity


def velocity_for_training(recipe: TrainingRecipe, transformer: Any) -> Velocity:
    """How the loop asks the transformer, with the recipe's savings of memory."""
    velocity = training_velocity(transformer)
    return with_offload(velocity, transformer) if recipe.memory.offload_checkpoints else velocity
