"""Trains svi-theatre's transformer on as two experts for Pro, one for the noisy steps of a clip and one for the others.

An expert begins as the whole model without the layers that look at a picture's features, which Wan 2.2's experts do not
have, and learns on at its own noise levels only.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.weights.model_folder import EXPERT_PARTS, OneExpert
from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.muon import optimizers_for
from trainer.mini.networks import ShortText
from trainer.svi_theatre.configuration import TRANSFORMER
from trainer.svi_theatre.lesson_batches import FAMILY_LESSONS
from trainer.svi_theatre.networks import PlainAttention
from trainer.svi_theatre.train_decoder import follow, halved, has_quick_halves, pace
from trainer.svi_theatre.train_transformer import open_pool

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.svi_theatre.lesson_pool import Batch, LessonPool

BOUNDARY: Final = 0.9
BOUNDS: Final[dict[OneExpert, tuple[float, float]]] = {"high": (BOUNDARY, 1.0), "low": (0.0, BOUNDARY)}
"""Noise levels of each expert."""
SHIFT: Final = 5.0
_BLIND: Final[dict[str, Any]] = {"image_dim": None, "added_kv_proj_dim": None}
EXPERT: Final = TRANSFORMER | _BLIND
_OF_PICTURES: Final = ("image_embedder", "add_k_proj", "add_v_proj", "norm_added_k", "norm_added_q")


@dataclass(frozen=True)
class ExpertRecipe:
    """Everything that the result depends on, besides the lessons."""

    steps: int = 400
    batch: int = 20
    learning_rate: float = 4e-4
    average_steps: int = 60  # horizon of the weights' moving average
    seed: int = 3


def train_expert(
    folder: Path, model: Path, which: OneExpert, recipe: ExpertRecipe, *, compiled: bool = False
) -> WanTransformer3DModel:
    """Trains to the recipe's last step or until SIGTERM, going on from its checkpoint in ``folder``.

    ``model``: svi-theatre's folder. Lessons are read from ``folder/lessons``. Returns the averaged expert.
    """
    torch.manual_seed(recipe.seed)
    expert = expert_of(WanTransformer3DModel.from_pretrained(model / "transformer", torch_dtype=torch.float32))
    averaged = copy.deepcopy(expert)
    for block in expert.blocks:
        block.attn1.set_processor(PlainAttention())
        block.attn2.set_processor(ShortText(0))
        if compiled:
            block.compile(dynamic=False)
    hidden = [p for name, p in expert.named_parameters() if name.startswith("blocks.") and p.ndim == 2]
    quick = torch.bfloat16 if has_quick_halves("cpu") else torch.float32
    optimizers = optimizers_for([expert], hidden, recipe.learning_rate, quick)
    checkpoint = expert_checkpoint(folder, which)
    modules: dict[str, nn.Module] = {"now": expert, "averaged": averaged}
    progress = load_checkpoint(checkpoint, modules, optimizers)
    pool = open_pool(folder, model)
    pool.refresh(kinds=("action",))
    budget, log = Budget(progress, math.inf, save_every=180), Log(checkpoint.with_suffix(".jsonl"))
    while not budget.over and progress.step < recipe.steps:
        pool.rng.seed(f"expert {recipe.seed} {progress.step}")
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = recipe.learning_rate * pace(progress.step, recipe.steps, falling=1.0)
        expert.zero_grad(set_to_none=True)
        loss = expert_loss(expert, pro_batch(pool, recipe.batch), BOUNDS[which])
        loss.backward()
        nn.utils.clip_grad_norm_(expert.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        budget.tick()
        follow(averaged, expert, min(progress.step, recipe.average_steps))
        if progress.step % 50 == 0:
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item())
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return averaged


def expert_checkpoint(folder: Path, which: OneExpert) -> Path:
    """Where the training of an expert stands."""
    return folder / f"{EXPERT_PARTS[which]}-expert.safetensors"


def expert_of(whole: WanTransformer3DModel) -> WanTransformer3DModel:
    """The same transformer without the layers for a picture's features."""
    expert: WanTransformer3DModel = WanTransformer3DModel.from_config(whole.config, **_BLIND)
    kept = {name: value for name, value in whole.state_dict().items() if not any(p in name for p in _OF_PICTURES)}
    expert.load_state_dict(kept)
    return expert.train()


def pro_batch(pool: LessonPool, size: int) -> Batch:
    """Clips of Pro, a fifth of them the first of a chain."""
    _, chances = FAMILY_LESSONS["pro"]
    lessons = pool.of_kind("action")
    chosen = [lessons[pool.rng.randrange(len(lessons))] for _ in range(size)]
    return pool.batch_of(chosen, pool.rng.choices(list(chances), list(chances.values()), k=size))


def expert_loss(expert: WanTransformer3DModel, batch: Batch, bounds: tuple[float, float]) -> Tensor:
    """Weighted squared error of the velocity, noise - data, at noise levels within ``bounds`` (paper Eq. 1)."""
    x, noise = batch.latents, torch.randn_like(batch.latents)
    sigma = sigmas_between(len(x), bounds)
    at = sigma.view(-1, 1, 1, 1, 1)
    with halved(x.device):
        noisy = (1 - at) * x + at * noise
        predicted = predict(expert, noisy, sigma, y=batch.condition, text=batch.text, tokens=None)
    error = (predicted - (noise - x)).square() * batch.weight
    return error.mean() / batch.weight.mean()


def sigmas_between(count: int, bounds: tuple[float, float]) -> Tensor:
    """Noise levels within ``bounds``, stratified; half as inference walks through them, half spread evenly."""
    low, high = bounds
    u = (torch.randperm(count) + torch.rand(count)) / count
    first, last = (sigma / (SHIFT - (SHIFT - 1) * sigma) for sigma in bounds)
    t = first + (last - first) * u
    walked = SHIFT * t / (1 + (SHIFT - 1) * t)
    return torch.where(torch.rand(count) < 0.5, walked, low + (high - low) * u)
