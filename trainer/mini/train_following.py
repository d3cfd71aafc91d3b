"""Teaches svi-mini to follow a sound or a skeleton, with its transformer as it is for all who film without them.

For a sound only the networks of Talk learn. For a skeleton the pose encoder learns together with what becomes the LoRA
of Dance: the matrices that a LoRA adapts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from svi_studio.domain.training.recipe import ErrorRecycling
from svi_studio.engine.loading.model_folder import load_models
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.follower import Follower, fresh_network, judged
from trainer.mini.lessons import LessonPool, Skill
from trainer.mini.low_rank import adapted
from trainer.mini.muon import Muon, optimizers_for
from trainer.mini.short_texts import use_short_text
from trainer.mini.sounds import Sounds
from trainer.mini.train_hearing import Hearing
from trainer.mini.train_transformer import random_sigmas

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.erft.batch import Batch

CAPACITY = 50
"""Errors a noise level, as in the proof: more hardly fill in so short a training."""


@dataclass(frozen=True)
class FollowingRecipe:
    """Everything that the result depends on, besides the machine's speed.

    ``errors_from``: the share of the time after which the errors of the model's own films are recycled; 1 = never.
    """

    minutes: float = 40.0
    batch: int = 24
    learning_rate: float = 2e-3
    matrix_learning_rate: float = 1e-3  # of the transformer's matrices, for a skeleton
    first_clips: int = 400
    pool: int = 4000
    clips_every: int = 4  # steps after which as many new clips come
    errors_from: float = 1.0
    judge_every: int = 100
    tests: int = 16
    seed: int = 5


def train_following(
    folder: Path, model: Path, skill: Skill, recipe: FollowingRecipe, voices: Path | None = None
) -> Follower:
    """Trains for the recipe's minutes, going on from ``folder/SKILL.safetensors``.

    ``model`` is the model folder whose transformer follows; ``voices``: a folder of WAV files to listen to as well. For
    a sound ``folder/hearing.safetensors`` must be there.
    """
    torch.manual_seed(recipe.seed)
    follower, optimizers, rates = _student(model, skill, recipe)
    modules: dict[str, nn.Module] = {"network": follower.network}
    if skill == "skeleton":
        modules["transformer"] = follower.models.transformer
    checkpoint = folder / f"{skill}.safetensors"
    progress = load_checkpoint(checkpoint, modules, optimizers)
    encoder = read_hearing(folder).encoder if skill == "sound" else None
    pool, tests = (_pool(follower, seed, encoder, voices) for seed in (recipe.seed + progress.step, -recipe.seed))
    tests.add(recipe.tests, recipe.tests)
    pool.add(recipe.first_clips, recipe.pool)
    errors = ErrorRecycling(capacity=CAPACITY, image_frames=1)
    erft = ErftStep(errors, SharedBank(errors.grids, errors.capacity, errors.replacement), seed=recipe.seed)
    budget, log = Budget(progress, recipe.minutes), Log(folder / f"{skill}.jsonl")
    while not budget.over:
        for optimizer, rate in zip(optimizers, rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = budget.learning_rate(rate, warmup_steps=50)
        batch = pool.batch(recipe.batch)
        recycles = budget.share > recipe.errors_from
        loss = recycling_loss(follower, batch, erft, progress.step) if recycles else following_loss(follower, batch)
        _step(loss, optimizers)
        budget.tick()
        if progress.step % recipe.clips_every == 0:
            pool.add(recipe.clips_every, recipe.pool)
        if progress.step % recipe.judge_every == 0:
            figures = judged(follower, tests)
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), **figures)
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return follower


def following_loss(follower: Follower, batch: Batch) -> Tensor:
    """Weighted squared error of the velocity, noise - data, at a random noise level (flow matching, paper Eq. 1)."""
    x, noise = batch.latents, torch.randn_like(batch.latents)
    sigma = random_sigmas(len(x), x.device)
    at = sigma.view(-1, 1, 1, 1, 1)
    predicted = follower.velocity((1 - at) * x + at * noise, sigma, batch)
    assert batch.weight is not None
    return ((predicted - (noise - x)).square() * batch.weight).mean() / batch.weight.mean()


def recycling_loss(follower: Follower, batch: Batch, erft: ErftStep, step: int) -> Tensor:
    """The same with the errors of the model's own films in what it sees (paper, section 4)."""
    assert batch.weight is not None

    def velocity(noisy: Tensor, y: Tensor, sigma: Tensor, seen: Batch) -> Tensor:
        return follower.velocity(noisy, sigma, replace(seen, y=y))

    return erft.loss(velocity, replace(batch, weight=batch.weight / batch.weight.mean()), step=step)


def read_hearing(folder: Path) -> Hearing:
    """The wav2vec2 that was trained into ``folder``."""
    hearing, prefix = Hearing(), "hearing/"
    tensors = load_file(folder / "hearing.safetensors")
    hearing.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    return hearing.eval()


def _student(model: Path, skill: Skill, recipe: FollowingRecipe) -> tuple[Follower, list[Optimizer], list[float]]:
    """The follower, its optimizers and their learning rates."""
    models = load_models(model, device=torch.device("cpu"))
    use_short_text(models)
    models.transformer.float().requires_grad_(False)
    network: Any = fresh_network(skill)
    rate = recipe.learning_rate
    if skill == "sound":
        hidden = [p for name, p in network.named_parameters() if p.ndim == 2 and name.startswith("blocks.")]
        optimizers = optimizers_for([network], hidden, rate)
        return Follower(models, skill, network), optimizers, [rate, rate]
    matrices: Any = list(adapted(models.transformer).values())
    for matrix in matrices:
        matrix.requires_grad_(True)
    learning = [p for p in network.parameters() if p.requires_grad]
    late: Optimizer = AdamW(learning, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    rates = [rate, recipe.matrix_learning_rate]
    return Follower(models, skill, network), [late, Muon(matrices, lr=recipe.matrix_learning_rate)], rates


def _pool(follower: Follower, seed: int, encoder: Any, voices: Path | None) -> LessonPool:
    rng = random.Random(seed)
    sounds = Sounds(random.Random(f"sounds {seed}"), voices) if encoder is not None else None
    return LessonPool(follower.skill, follower.models, rng, follower.prepared, sounds, encoder)


def _step(loss: Tensor, optimizers: list[Optimizer]) -> None:
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    learned = [p for o in optimizers for group in o.param_groups for p in group["params"] if p.grad is not None]
    nn.utils.clip_grad_norm_(learned, 1.0)
    for optimizer in optimizers:
        optimizer.step()
