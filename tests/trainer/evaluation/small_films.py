"""Test films of a tiny model: a recipe, a footage of noise and a transformer with a LoRA that shows."""

from pathlib import Path
from typing import Any

import torch

from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe, TrainingRecipe
from svi_studio.engine.loading.model_part import load_part
from tests.builders.tiny_models import build_tiny_model
from tests.trainer.dataset.small_data import clip
from tests.trainer.dataset.small_data import recipe as data_recipe
from trainer.evaluation.test_film import TestFilms
from trainer.lora.adapter import adapter_parameters, add_adapter
from trainer.run.state.run_folder import RunFolder

CPU = torch.device("cpu")
CLIPS = 2
CAPTIONS = ("A boat goes left.", "A boat goes right.")


def quick_model(folder: Path) -> Path:
    """A tiny model of one step without guidance: what is tested with it is the same with more of them."""
    return build_tiny_model(folder / "tiny-random", card={"num_inference_steps": 1, "guidance_scale": 1.0})


def recipe(**fields: Any) -> TrainingRecipe:
    return data_recipe(**{"family": "film", "evaluation": EvaluationRecipe(clips=CLIPS, every=100), **fields})


def learning_transformer(model: Path, strength: float = 0.05) -> Any:
    """The model's transformer with a LoRA that changes what it says."""
    transformer = load_part(model, "transformer", CPU, torch.float32)
    add_adapter(transformer, LoraRecipe(rank=2, alpha=2.0), torch.Generator().manual_seed(0))
    noise = torch.Generator().manual_seed(1)
    for parameter in adapter_parameters(transformer):
        parameter.data = torch.randn(parameter.shape, generator=noise) * strength
    return transformer.train()


def films_of(model: Path, run: Path, count: int = 1, **options: Any) -> TestFilms:
    given = options.pop("recipe", None) or recipe()
    clips = [clip(number, caption) for number, caption in enumerate(CAPTIONS[:count])]
    return TestFilms(given, model, RunFolder(run), clips, device=CPU, **options)
