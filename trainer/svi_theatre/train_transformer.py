"""Trains svi-theatre's video transformer with its networks of Talk and Dance, by flow matching on latents.

The learning rate follows the work that is done and not the clock, so that many sittings make one training.
"""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from svi_studio.engine.loading.model_folder import load_models
from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.muon import optimizers_for
from trainer.mini.train_transformer import random_sigmas
from trainer.svi_theatre.clips import Kind
from trainer.svi_theatre.lesson_pool import Batch, LessonPool
from trainer.svi_theatre.networks import Student
from trainer.svi_theatre.train_decoder import follow, halved, has_quick_halves, pace, read_components

if TYPE_CHECKING:
    from pathlib import Path

    from torch.optim import Optimizer


@dataclass(frozen=True)
class TransformerRecipe:
    """Everything that the result depends on, besides how many lessons there were at a time."""

    steps: int = 8_000
    falling: float = 0.6  # share of the steps, at the end, over which the learning rate falls
    learning_rate: float = 1.5e-3
    actions: int = 12
    talks: int = 2
    dances: int = 8
    average_steps: int = 300  # horizon of the weights' moving average
    average_every: int = 5  # steps
    fewest_files: int = 24  # of lessons, before the first step
    refresh_every: int = 10  # steps
    seed: int = 2

    def times(self, count: int) -> TransformerRecipe:
        """With batches so many times as large."""
        sizes = {name: getattr(self, name) * count for name in ("actions", "talks", "dances")}
        return replace(self, **sizes)


def train_transformer(
    folder: Path, mini: Path, recipe: TransformerRecipe, device: str = "cpu", *, compiled: bool = False
) -> Student:
    """Trains to the recipe's last step or until SIGTERM, going on from ``folder/transformer.safetensors``.

    ``compiled`` is a quarter quicker on a processor, and needs a C++ compiler.

    Lessons are read from ``folder/lessons``, where `make_lessons` goes on writing. Returns the averaged networks.
    """
    torch.manual_seed(recipe.seed)
    student = Student().to(device)
    averaged = copy.deepcopy(student)
    student.learn()
    if compiled:
        for block in student.transformer.blocks:
            block.compile(dynamic=False)
    optimizers = student_optimizers(student, recipe.learning_rate, device)
    checkpoint = folder / "transformer.safetensors"
    modules: dict[str, nn.Module] = {"now": student, "averaged": averaged}
    progress = load_checkpoint(checkpoint, modules, optimizers)
    pool = open_pool(folder, mini)
    wait_for_lessons(pool, recipe.fewest_files)
    budget, log = Budget(progress, math.inf, save_every=180), Log(folder / "transformer.jsonl")
    recent: dict[str, float] = {}
    while not budget.over and progress.step < recipe.steps:
        pool.rng.seed(f"batches {recipe.seed} {progress.step}")  # what a step learns does not depend on earlier stops
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = recipe.learning_rate * pace(progress.step, recipe.steps, recipe.falling)
        for name, loss in step(student, optimizers, pool, recipe, device).items():
            recent[name] = recent.get(name, loss) + (loss - recent.get(name, loss)) / 50
        budget.tick()
        if progress.step % recipe.average_every == 0:
            horizon = min(progress.step, recipe.average_steps) / recipe.average_every
            follow(averaged, student, horizon)
        if progress.step % recipe.refresh_every == 0:
            pool.refresh(most=1)
        if progress.step % 50 == 0:
            log.write(step=progress.step, minutes=progress.seconds / 60, lessons=len(pool), **recent)
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return averaged


def open_pool(folder: Path, mini: Path) -> LessonPool:
    """The lessons in ``folder/lessons``, as svi-mini's text encoder reads what is said of them."""
    principal = read_components(folder)
    grey = principal.latents(torch.zeros(1, 3, 1, 16, 16))[0, :, 0, 0, 0]
    models = load_models(mini, device=torch.device("cpu"))
    return LessonPool(folder / "lessons", models.text_encoder, grey)


def wait_for_lessons(pool: LessonPool, files: int) -> None:
    """Returns when there are so many files of lessons."""
    pool.refresh()
    while pool.files < files:
        time.sleep(2)
        pool.refresh()


def student_optimizers(student: Student, rate: float, device: str) -> list[Optimizer]:
    """Muon for the matrices inside the blocks, AdamW for the rest of what learns."""
    blocks = ("transformer.blocks.", "sound.blocks.")
    hidden = [p for name, p in student.named_parameters() if name.startswith(blocks) and p.ndim == 2]
    learning = nn.ParameterList(p for p in student.parameters() if p.requires_grad)
    quick = torch.bfloat16 if has_quick_halves(torch.device(device).type) else torch.float32
    return optimizers_for([learning], hidden, rate, quick)


def step(
    student: Student, optimizers: list[Optimizer], pool: LessonPool, recipe: TransformerRecipe, device: str
) -> dict[str, float]:
    """One optimizer step; the losses of what it learned from. Talks go by themselves: only they hear."""
    student.zero_grad(set_to_none=True)
    parts: tuple[dict[Kind, int], ...] = ({"action": recipe.actions, "dance": recipe.dances}, {"talk": recipe.talks})
    total = recipe.actions + recipe.dances + recipe.talks
    losses: dict[str, float] = {}
    for counts in parts:
        each = flow_losses(student, pool.batch(counts).to(device))
        (each.sum() / total).backward()
        for (kind, _), found in zip(counts.items(), each.detach().split(list(counts.values())), strict=True):
            losses[kind] = float(found.mean())
    nn.utils.clip_grad_norm_([p for p in student.parameters() if p.grad is not None], 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return losses


def flow_losses(student: Student, batch: Batch) -> Tensor:
    """Weighted squared error of the velocity, noise - data, at random noise levels (paper Eq. 1): [B]."""
    x, noise = batch.latents, torch.randn_like(batch.latents)
    sigma = random_sigmas(len(x), x.device)
    at = sigma.view(-1, 1, 1, 1, 1)
    with halved(x.device):
        predicted = student.velocity((1 - at) * x + at * noise, sigma, batch)
    error = (predicted.float() - (noise - x)).square() * batch.weight
    return error.mean((1, 2, 3, 4)) / batch.weight.mean((1, 2, 3, 4))
