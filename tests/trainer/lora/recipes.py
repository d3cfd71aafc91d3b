"""A small transformer, recipes and cards for the tests of the trained LoRA."""

from datetime import date
from typing import Any

import torch
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.domain.training.card import TrainingCard
from svi_studio.domain.training.recipe import LoraRecipe
from tests.builders.tiny_models import TRANSFORMER
from trainer.lora.adapter import add_adapter

SMALL = LoraRecipe(rank=4, alpha=4.0)
LOUD = LoraRecipe(rank=4, alpha=12.0)  # alpha / rank = 3: a factor that is lost or doubled shows

CARD = TrainingCard(
    name="my look", family="shot", base_model="tiny-random", base_model_hash="0" * 64, steps=120, clips=7, rank=4,
    alpha=12.0, error_recycling=True, made_on=date(2026, 2, 3), program_version="0.1.0",
)  # fmt: skip


def small_transformer(seed: int = 0) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return WanTransformer3DModel(**TRANSFORMER).eval()


def adapted(recipe: LoraRecipe = SMALL, seed: int = 0) -> Any:
    """A small transformer with a fresh LoRA drawn from `seed`."""
    transformer = small_transformer()
    add_adapter(transformer, recipe, torch.Generator().manual_seed(seed))
    return transformer


def trained(recipe: LoraRecipe = SMALL) -> Any:
    """A small transformer whose LoRA holds what a training might have left."""
    transformer = adapted(recipe)
    noise = torch.Generator().manual_seed(1)
    for parameter in transformer.parameters():
        if parameter.requires_grad:
            parameter.data = torch.randn(parameter.shape, generator=noise) * 0.1
    return transformer


def output(transformer: nn.Module) -> Tensor:
    """What the transformer makes of one fixed input."""
    noise = torch.Generator().manual_seed(2)
    dtype = next(transformer.parameters()).dtype

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=noise).to(dtype)

    inputs = drawn(1, 36, 2, 4, 6), torch.tensor([500.0]), drawn(1, 512, 32), drawn(1, 17, 32)
    with torch.no_grad():
        result: Tensor = transformer(*inputs, return_dict=False)[0]
    return result
