"""Trains text encoder, picture encoder and video transformer of svi-mini together, by flow matching on latents."""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.latent_pool import Batch, LatentPool
from trainer.mini.muon import optimizers_for
from trainer.mini.networks import MiniNetworks
from trainer.mini.principal_encoder import load_or_fit


@dataclass(frozen=True)
class TransformerRecipe:
    """Everything that the result depends on, besides the machine's speed."""

    minutes: float = 90.0
    batch: int = 24
    learning_rate: float = 2e-3
    new_clips_a_step: int = 2
    first_clips: int = 800
    pool: int = 30_000
    drop_text: float = 0.1
    condition_noise: float = 0.0  # at most; 0: clean conditions, as Wan was trained (paper Eq. 1), and so it drifts
    average_steps: int = 400  # horizon of the weights' moving average at the end of the training
    seed: int = 2


def train_transformer(folder: Path, recipe: TransformerRecipe, device: str = "cpu") -> MiniNetworks:
    """Trains for the recipe's minutes, going on from ``folder/transformer.safetensors``; the averaged networks."""
    torch.manual_seed(recipe.seed)
    networks = MiniNetworks.create(device)
    averaged = copy.deepcopy(networks)
    networks.use_short_text(True)
    modules = {f"now.{k}": v for k, v in networks.modules().items()}
    modules |= {f"averaged.{k}": v for k, v in averaged.modules().items()}
    hidden = [p for n, p in networks.transformer.named_parameters() if n.startswith("blocks.") and p.ndim == 2]
    optimizers = optimizers_for(list(networks.modules().values()), hidden, recipe.learning_rate)
    checkpoint = folder / "transformer.safetensors"
    progress = load_checkpoint(checkpoint, modules, optimizers)
    pool = LatentPool(load_or_fit(folder / "principal.safetensors"), recipe.pool, recipe.seed + progress.step)
    pool.add(recipe.first_clips)
    budget, log = Budget(progress, recipe.minutes), Log(folder / "transformer.jsonl")
    recent = 0.0
    while not budget.over:
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = budget.learning_rate(recipe.learning_rate)
        loss = flow_loss(networks, pool.batch(recipe.batch, recipe.drop_text).to(device), recipe.condition_noise)
        step(loss, networks, optimizers)
        follow(averaged, networks, min(progress.step, recipe.average_steps))
        budget.tick()
        pool.add(recipe.new_clips_a_step)
        recent += (loss.item() - recent) / min(progress.step % 50 + 1, 50)
        if progress.step % 50 == 0:
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=recent, clips=len(pool))
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return averaged


def flow_loss(networks: MiniNetworks, batch: Batch, condition_noise: float) -> Tensor:
    """Weighted squared error of the velocity, noise - data, at a random noise level (flow matching, paper Eq. 1)."""
    x, noise = batch.latents, torch.randn_like(batch.latents)
    sigma = random_sigmas(len(x), x.device)
    at = sigma.view(-1, 1, 1, 1, 1)
    y = batch.condition.clone()
    y[:, 4:] += condition_noise * torch.rand_like(at) * torch.randn_like(y[:, 4:])
    predicted = networks.velocity(
        (1 - at) * x + at * noise,
        y,
        sigma,
        networks.encode_text(batch.text_ids),
        networks.encode_picture(batch.picture),
    )
    return ((predicted - (noise - x)).square() * batch.weight).mean()


def random_sigmas(count: int, device: torch.device) -> Tensor:
    """Noise levels in 0..1, stratified; half with the shift of inference (5), half spread evenly."""
    u = (torch.randperm(count) + torch.rand(count)) / count
    shift = torch.where(torch.rand(count) < 0.5, 5.0, 1.5)
    return (shift * u / (1 + (shift - 1) * u)).to(device)


def step(loss: Tensor, networks: MiniNetworks, optimizers: list[torch.optim.Optimizer]) -> None:
    """One optimizer step with clipped gradients."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    parameters = [p for module in networks.modules().values() for p in module.parameters() if p.grad is not None]
    nn.utils.clip_grad_norm_(parameters, 1.0)
    for optimizer in optimizers:
        optimizer.step()


@torch.no_grad()
def follow(averaged: MiniNetworks, networks: MiniNetworks, horizon: int) -> None:
    """Moves the averaged weights towards the present ones."""
    ours: list[Tensor] = [p for module in averaged.modules().values() for p in module.parameters()]
    theirs: list[Tensor] = [p for module in networks.modules().values() for p in module.parameters()]
    torch._foreach_lerp_(ours, theirs, 1.0 / (horizon + 1))
